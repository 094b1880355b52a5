// SPDX-License-Identifier: Apache-2.0
#include "test/bench/counter.hpp"

#include <cstdio>
#include <utility>

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif

namespace bench {
namespace {

int open_counter() {
    perf_event_attr attributes{};
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    return static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

}  // namespace

double cpu_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

bool under_callgrind() {
#ifdef RUNNING_ON_VALGRIND
    return RUNNING_ON_VALGRIND != 0;
#else
    return false;
#endif
}

InstructionCounter::InstructionCounter(std::string name) : name_{std::move(name)} {
#ifdef CALLGRIND_TOGGLE_COLLECT
    CALLGRIND_TOGGLE_COLLECT;
#endif
    if (!under_callgrind()) event_ = open_counter();
}

std::uint64_t InstructionCounter::stop() {
#ifdef CALLGRIND_TOGGLE_COLLECT
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(name_.c_str());
#endif
    std::uint64_t counted = 0;
    if (event_ < 0 || ::read(event_, &counted, sizeof counted) != static_cast<ssize_t>(sizeof counted))
        return 0;
    return counted;
}

InstructionCounter::~InstructionCounter() {
    if (event_ >= 0) ::close(event_);
}

void print(const char* name, const char* unit, double units, double best_microseconds,
           std::uint64_t instructions) {
    if (under_callgrind()) {
        std::printf("callgrind\t%s\t%s\t%.0f\n", name, unit, units);
        return;
    }
    std::printf("%-44s %10.4g ns a %-5s %10.4g a second", name, best_microseconds * 1e3 / units, unit,
                units / best_microseconds * 1e6);
    if (instructions > 0) std::printf("  %9.1f instructions", static_cast<double>(instructions) / units);
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace bench
