// SPDX-License-Identifier: Apache-2.0
// Instructions beside time, for the micro-benchmarks: they say the same on a busy machine. Counted by the
// processor where the kernel lets us; under callgrind (scripts/bench.sh --micro) by it, one dump for each
// name.
#pragma once

#include <cstdint>
#include <string>

namespace bench {

// Processor time of this process, in microseconds.
double cpu_microseconds();

// Counts the instructions in user mode between its making and stop().
class InstructionCounter {
  public:
    // `name` is that of callgrind's dump; "": what is counted is not worth one.
    explicit InstructionCounter(std::string name);
    ~InstructionCounter();
    InstructionCounter(const InstructionCounter&) = delete;
    InstructionCounter& operator=(const InstructionCounter&) = delete;

    // 0: this machine does not count (or callgrind does).
    std::uint64_t stop();

  private:
    std::string name_;
    int event_ = -1;
};

bool under_callgrind();
// Under callgrind what its reader needs: the words, tabs between them.
void print(const char* name, const char* unit, double units, double best_microseconds,
           std::uint64_t instructions);

// Runs `work` over and over and prints a line: the best time of `rounds`, and the instructions of one, each
// for a unit of which a round has `units`. Under callgrind there is one round.
template <class Work>
void measure(const char* name, const char* unit, double units, int rounds, Work work) {
    double best = 1e18;
    if (under_callgrind()) rounds = 1;
    // The first fills caches and grows what is kept.
    work();
    for (int round = 0; round < rounds; ++round) {
        const double begin = cpu_microseconds();
        work();
        const double spent = cpu_microseconds() - begin;
        if (spent < best) best = spent;
    }
    InstructionCounter counter{name};
    work();
    print(name, unit, units, best, counter.stop());
}

}  // namespace bench
