// SPDX-License-Identifier: MIT
#include "host/service/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>
#include <utility>

extern char** environ;

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            value_ = std::exchange(other.value_, -1);
        }
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }
    void reset() {
        if (value_ >= 0) close(value_);
        value_ = -1;
    }
    [[nodiscard]] int get() const { return value_; }

private:
    int value_ = -1;
};

/// One standard stream of the child. A socket pair and no pipe: writing to a child that has ended must be an error and
/// no SIGPIPE.
struct Channel {
    Descriptor ours;
    Descriptor theirs;
};

Result<Channel> make_channel() {
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return failure(ErrorCode::OperatingSystem, static_cast<std::uint32_t>(errno), "socketpair");
    }
    Channel channel{Descriptor(ends[0]), Descriptor(ends[1])};
    fcntl(channel.ours.get(), F_SETFL, O_NONBLOCK);
    return channel;
}

struct Streams {
    std::array<Channel, 3> channels;
};

/// posix_spawn and not fork: this process may have threads.
Result<pid_t> spawn(const ChildRequest& request, const Streams& streams) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < 3; ++i) {
        posix_spawn_file_actions_adddup2(&actions, streams.channels[static_cast<std::size_t>(i)].theirs.get(), i);
    }
    if (!request.working_directory.empty()) {
        posix_spawn_file_actions_addchdir_np(&actions, request.working_directory.c_str());
    }
    // A group of its own, so that what the child starts can be ended with it.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);

    std::vector<char*> argv{const_cast<char*>(request.program.c_str())};
    for (const std::string& argument : request.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t pid = 0;
    const int code = posix_spawnp(&pid, request.program.c_str(), &actions, &attributes, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (code != 0) return failure(ErrorCode::OperatingSystem, static_cast<std::uint32_t>(code), request.program);
    return pid;
}

/// False at the end of the stream.
bool read_some(int descriptor, std::string& out) {
    std::array<char, 4096> buffer{};
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count > 0) out.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

/// Leaves the child to be waited for.
bool has_ended(pid_t pid) {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

/// Moves data until the child has closed both outputs, or has ended and left them to others; false when `deadline`
/// passes first.
bool exchange_data(pid_t pid, Streams& streams, std::string_view input, ChildResult& result, SteadyTime deadline) {
    constexpr std::chrono::milliseconds kSlice = 100ms;
    auto& [in, out, err] = streams.channels;
    while (out.ours.get() >= 0 || err.ours.get() >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left <= 0ms) return false;
        if (input.empty()) in.ours.reset();
        std::array<pollfd, 3> waits{
            {{in.ours.get(), POLLOUT, 0}, {out.ours.get(), POLLIN, 0}, {err.ours.get(), POLLIN, 0}}};
        const int ready = poll(waits.data(), waits.size(), static_cast<int>(std::min(left, kSlice).count()) + 1);
        if (ready < 0 && errno != EINTR) return false;
        if (ready == 0 && has_ended(pid)) return true;
        if (waits[0].revents != 0) {
            const ssize_t count = send(in.ours.get(), input.data(), input.size(), MSG_NOSIGNAL);
            if (count < 0 && errno != EAGAIN && errno != EINTR) input = {};
            if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
        }
        if (waits[1].revents != 0 && !read_some(out.ours.get(), result.output)) out.ours.reset();
        if (waits[2].revents != 0 && !read_some(err.ours.get(), result.errors)) err.ours.reset();
    }
    return true;
}

/// Waits for the child itself; false when `deadline` passes first.
bool reap(pid_t pid, ChildResult& result, SteadyTime deadline) {
    int status = 0;
    while (true) {
        const pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid || (ended < 0 && errno == ECHILD)) break;
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(2ms);
    }
    result.exit_code = static_cast<std::uint32_t>(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return true;
}

class PosixChildProcess final : public ChildProcess {
public:
    Result<ChildResult> run(const ChildRequest& request) override {
        Streams streams;
        for (Channel& channel : streams.channels) {
            auto made = make_channel();
            if (!made) return failure(made.error());
            channel = std::move(*made);
        }
        const auto pid = spawn(request, streams);
        if (!pid) return failure(pid.error());
        for (Channel& channel : streams.channels) channel.theirs.reset();

        ChildResult result;
        const auto deadline = std::chrono::steady_clock::now() + request.limit;
        const bool complete =
            exchange_data(*pid, streams, request.input, result, deadline) && reap(*pid, result, deadline);
        // Also after a normal end: what the child left running must not outlive it.
        kill(-*pid, SIGKILL);
        if (!complete) {
            result.timed_out = true;
            kill(*pid, SIGKILL);
            reap(*pid, result, SteadyTime::max());
        }
        return result;
    }
};

}  // namespace

std::unique_ptr<ChildProcess> make_child_process() { return std::make_unique<PosixChildProcess>(); }

}  // namespace pysvc
