// SPDX-License-Identifier: MIT
#include "host/service/service_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pysvc {
namespace {

int objects[4];

ClassSource object(int index) { return ClassObject{&objects[index]}; }

bool is_lookup(const std::optional<ClassSource>& source) {
    return source && std::holds_alternative<RegistryLookup>(*source);
}

void* object_of(const std::optional<ClassSource>& source) {
    const auto* found = source ? std::get_if<ClassObject>(&*source) : nullptr;
    return found == nullptr ? nullptr : found->object;
}

std::vector<void*> taken(ServiceTable& table) {
    std::vector<void*> pointers;
    for (const ClassObject& taken : table.take_objects()) pointers.push_back(taken.object);
    std::ranges::sort(pointers);
    return pointers;
}

TEST(ServiceTable, ASingleServiceAnswersToAnyName) {
    auto table = ServiceTable::single(RegistryLookup{});
    EXPECT_TRUE(table.is_single());
    EXPECT_TRUE(is_lookup(table.find("whatever")));
    EXPECT_EQ(table.names(), std::vector<std::string>{""});
}

TEST(ServiceTable, ThatWasClearedIsEmptyAgain) {
    auto table = ServiceTable::empty();
    EXPECT_TRUE(table.prepare_multiple("svc", object(0)));
    table.mark_started("svc");
    const auto cleared = table.clear();
    ASSERT_EQ(cleared.size(), 1U);
    EXPECT_EQ(cleared[0].object, &objects[0]);
    EXPECT_FALSE(table.find("svc"));
    EXPECT_TRUE(table.prepare_single(object(1)));
}

TEST(ServiceTable, AGroupAnswersToItsNamesWithoutCase) {
    auto table = ServiceTable::group({"One", "Two"});
    EXPECT_FALSE(table.is_single());
    EXPECT_TRUE(is_lookup(table.find("ONE")));
    EXPECT_FALSE(table.find("three"));
    EXPECT_EQ(table.names(), (std::vector<std::string>{"One", "Two"}));
}

TEST(ServiceTable, AnEmptyTableBecomesWhatIsPreparedFirst) {
    auto table = ServiceTable::empty();
    EXPECT_FALSE(table.find("svc"));
    EXPECT_TRUE(table.names().empty());
    EXPECT_TRUE(table.prepare_multiple("svc", object(0)));
    EXPECT_EQ(object_of(table.find("SVC")), &objects[0]);
    EXPECT_FALSE(table.prepare_single(object(1))) << "PrepareToHostMultiple was used";

    auto single = ServiceTable::empty();
    EXPECT_TRUE(single.prepare_single(object(0)));
    EXPECT_FALSE(single.prepare_multiple("svc", object(1))) << "PrepareToHostSingle was used";
}

TEST(ServiceTable, ASingleClassCanBeReplacedAndTheOldOneIsKeptUntilTheEnd) {
    auto table = ServiceTable::single(RegistryLookup{});
    EXPECT_TRUE(table.prepare_single(object(0)));
    EXPECT_TRUE(table.prepare_single(object(1)));
    EXPECT_EQ(object_of(table.find("svc")), &objects[1]);
    EXPECT_EQ(taken(table), (std::vector<void*>{&objects[0], &objects[1]}));
}

TEST(ServiceTable, PrepareToHostSingleWithoutAClassMeansTheRegistry) {
    auto table = ServiceTable::single(object(0));
    EXPECT_TRUE(table.prepare_single(RegistryLookup{}));
    EXPECT_TRUE(is_lookup(table.find("svc")));
}

TEST(ServiceTable, ANameIsPreparedOnce) {
    auto table = ServiceTable::empty();
    EXPECT_TRUE(table.prepare_multiple("svc", object(0)));
    EXPECT_FALSE(table.prepare_multiple("SVC", object(1)));
    EXPECT_TRUE(table.prepare_multiple("other", object(2)));
    EXPECT_EQ(table.names(), (std::vector<std::string>{"other", "svc"}));
}

TEST(ServiceTable, AnEntryOfAGroupIsReplacedUntilItHasStarted) {
    auto table = ServiceTable::group({"one", "two"});
    EXPECT_TRUE(table.prepare_multiple("one", object(0)));
    table.mark_started("TWO");
    EXPECT_FALSE(table.prepare_multiple("two", object(1)));
    EXPECT_TRUE(is_lookup(table.find("two")));
}

TEST(ServiceTable, ObjectsAreTakenOnce) {
    auto table = ServiceTable::empty();
    EXPECT_TRUE(table.prepare_multiple("one", object(0)));
    EXPECT_TRUE(table.prepare_multiple("two", object(1)));
    EXPECT_EQ(taken(table), (std::vector<void*>{&objects[0], &objects[1]}));
    EXPECT_TRUE(taken(table).empty());
}

}  // namespace
}  // namespace pysvc
