// SPDX-License-Identifier: Apache-2.0
// How long an event loop's turns are: LD_PRELOADed into a program that waits with epoll, it counts the CPU
// time from the end of one wait to the begin of the next into the file TURNS_FILE, which is mapped:
// eight-byte numbers, first the longest turn in nanoseconds since somebody put 0 there, then how many took
// [2^i, 2^(i+1)) nanoseconds, i from 0 to 39.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr std::size_t kClasses = 40;

struct Turns {
    std::atomic<std::uint64_t> longest;
    std::atomic<std::uint64_t> classes[kClasses];
};

using Wait = int (*)(int, epoll_event*, int, int);

Turns* open_turns() {
    const char* const path = std::getenv("TURNS_FILE");
    if (path == nullptr) return nullptr;
    const int file = ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ::ftruncate(file, sizeof(Turns)) != 0) return nullptr;
    void* const mapped = ::mmap(nullptr, sizeof(Turns), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    return mapped == MAP_FAILED ? nullptr : static_cast<Turns*>(mapped);
}

// Of this thread.
std::uint64_t cpu_nanos() {
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<std::uint64_t>(spent.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(spent.tv_nsec);
}

void count(Turns& turns, std::uint64_t nanos) {
    const auto kind = static_cast<std::size_t>(std::bit_width(nanos | 1) - 1);
    turns.classes[std::min(kind, kClasses - 1)].fetch_add(1, std::memory_order_relaxed);
    if (nanos > turns.longest.load(std::memory_order_relaxed))
        turns.longest.store(nanos, std::memory_order_relaxed);
}

}  // namespace

extern "C" int epoll_wait(int poll, epoll_event* events, int most, int timeout) {
    static const Wait wait = reinterpret_cast<Wait>(::dlsym(RTLD_NEXT, "epoll_wait"));
    static Turns* const turns = open_turns();
    thread_local std::uint64_t began = 0;
    if (turns != nullptr && began != 0) count(*turns, cpu_nanos() - began);
    const int ready = wait(poll, events, most, timeout);
    if (turns != nullptr) began = cpu_nanos();
    return ready;
}
