// SPDX-License-Identifier: MIT
#include "host/service/deadlines.hpp"

#include <algorithm>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kSlowStart = 60s;
constexpr std::chrono::milliseconds kAfterSystemExit = 1s;
constexpr std::chrono::milliseconds kDropCount = 10s;

std::chrono::milliseconds left(const std::optional<TimePoint>& until, TimePoint now) {
    if (!until || *until <= now) return 1s;
    return std::max<std::chrono::milliseconds>(1s, std::chrono::duration_cast<std::chrono::milliseconds>(*until - now));
}

TimePoint earlier(TimePoint at, const std::optional<TimePoint>& limit) { return limit ? std::min(at, *limit) : at; }

}  // namespace

Deadlines::Deadlines(const Settings& settings)
    : start_timeout_(settings.start_timeout),
      stop_timeout_(settings.stop_timeout),
      stop_kill_timeout_(settings.stop_kill_timeout),
      stop_grace_(settings.stop_grace),
      finalize_timeout_(settings.finalize_timeout) {}

void Deadlines::begin_start(TimePoint now) {
    start_slow_ = now + kSlowStart;
    start_end_ = now + start_timeout_;
}

void Deadlines::progress(TimePoint now) {
    // One warning per start: when it was given, start_slow_ is empty and stays so.
    if (start_slow_) start_slow_ = now + kSlowStart;
}

std::chrono::milliseconds Deadlines::start_time_left(TimePoint now) const { return left(start_end_, now); }

void Deadlines::end_start() {
    start_slow_.reset();
    start_end_.reset();
}

void Deadlines::begin_stop(TimePoint now, std::optional<std::chrono::milliseconds> limit) {
    end_start();
    watch(now, {});
    if (limit) limit_ = earlier(now + *limit, limit_);
    if (!stop_end_) {
        stop_slow_ = now + stop_timeout_;
        stop_end_ = now + stop_kill_timeout_;
    }
    if (stop_slow_) stop_slow_ = earlier(*stop_slow_, limit_);
    stop_end_ = earlier(*stop_end_, limit_);
}

void Deadlines::extend_stop(TimePoint now, std::chrono::milliseconds hint) {
    if (stop_slow_) stop_slow_ = earlier(std::max(*stop_slow_, now + hint), limit_);
    if (stop_end_) stop_end_ = earlier(std::max(*stop_end_, now + hint), limit_);
}

std::chrono::milliseconds Deadlines::stop_time_left(TimePoint now) const { return left(stop_end_, now); }

void Deadlines::begin_grace(TimePoint now) {
    end_start();
    watch(now, {});
    if (!grace_ && !grace_end_) grace_ = now + stop_grace_;
}

void Deadlines::end_run(TimePoint now) {
    grace_.reset();
    grace_end_.reset();
    begin_stop(now);
}

void Deadlines::begin_finalize(TimePoint now) {
    clear();
    finalize_end_ = earlier(now + finalize_timeout_, limit_);
}

void Deadlines::watch(TimePoint now, std::chrono::milliseconds period) {
    watch_period_ = period;
    watch_end_.reset();
    hear(now);
}

void Deadlines::hear(TimePoint now) {
    if (watch_period_.count() > 0) watch_end_ = now + watch_period_;
}

void Deadlines::begin_drop_count(TimePoint now) {
    if (!drop_count_end_) drop_count_end_ = now + kDropCount;
}

void Deadlines::clear() {
    end_start();
    stop_slow_.reset();
    stop_end_.reset();
    grace_.reset();
    grace_end_.reset();
    finalize_end_.reset();
    drop_count_end_.reset();
    watch_period_ = {};
    watch_end_.reset();
}

std::optional<Deadlines::Entry> Deadlines::earliest() const {
    std::optional<Entry> first;
    const auto consider = [&](const std::optional<TimePoint>& at, DeadlineAction action) {
        if (at && (!first || *at < first->at)) first = Entry{*at, action};
    };
    consider(start_slow_, DeadlineAction::WarnStartSlow);
    consider(start_end_, DeadlineAction::EndStart);
    consider(stop_slow_, DeadlineAction::WarnStopSlow);
    consider(stop_end_, DeadlineAction::EndStop);
    consider(grace_, DeadlineAction::RaiseSystemExit);
    consider(grace_end_, DeadlineAction::EndGrace);
    consider(finalize_end_, DeadlineAction::EndFinalize);
    consider(watch_end_, DeadlineAction::EndUnheard);
    consider(drop_count_end_, DeadlineAction::ReportDropped);
    return first;
}

std::optional<DeadlineAction> Deadlines::take_due(TimePoint now) {
    const auto first = earliest();
    if (!first || first->at > now) return std::nullopt;
    switch (first->action) {
        case DeadlineAction::WarnStartSlow: start_slow_.reset(); break;
        case DeadlineAction::EndStart: end_start(); break;
        case DeadlineAction::WarnStopSlow: stop_slow_.reset(); break;
        case DeadlineAction::EndStop: stop_end_.reset(); break;
        case DeadlineAction::RaiseSystemExit:
            grace_.reset();
            grace_end_ = now + kAfterSystemExit;
            break;
        case DeadlineAction::EndGrace: grace_end_.reset(); break;
        case DeadlineAction::EndFinalize: finalize_end_.reset(); break;
        case DeadlineAction::EndUnheard:
            // Nothing comes of it in a state in which the service need not be heard of.
            hear(now);
            break;
        case DeadlineAction::ReportDropped: drop_count_end_.reset(); break;
    }
    return first->action;
}

TimePoint Deadlines::next() const {
    const auto first = earliest();
    return first ? first->at : TimePoint::max();
}

}  // namespace pysvc
