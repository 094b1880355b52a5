// SPDX-License-Identifier: Apache-2.0
// Tells a cluster of the past to sinks, as fast as they take it: for tests with real receivers.
//
//   sink_lab --truth=FILE --places=FILE --start=UNIX --ticks=N [--told=N] [--pause=MS] [--nodes=N] [--pods=N]
//            [--seed=N] [--interval=SECONDS] --sink=... [--sink-spool-dir=DIR] [--sink-spool-bytes=N]
//
// `--interval`: that of all sinks. `--told`: so many ticks are told to history before sinks start, as by a
// state file; FILE of --places is read then, and written behind each tick. `--pause`: goes on after so long
// although not all was sent. At the end it waits at most 60 s for what is still to be sent, then writes a
// line of JSON for each sink to stderr.
#include "net/task_group.hpp"
#include "test/sink/lab/world.hpp"
#include "topd/flags/flags.hpp"
#include "topd/sinks.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <signal.h>

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kTick = 15;

struct Asked {
    std::map<std::string, std::string, std::less<>> own;
    std::vector<std::string> topd;

    std::int64_t number(std::string_view name, std::int64_t otherwise) const {
        const auto at = own.find(name);
        return at == own.end() ? otherwise : std::stoll(at->second);
    }
};

Asked read(int argc, char** argv) {
    Asked asked;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto equals = argument.find('=');
        const std::string name{argument.substr(0, equals)};
        if (name.starts_with("--sink"))
            asked.topd.emplace_back(argument);
        else
            asked.own[name.substr(2)] = argument.substr(equals + 1);
    }
    return asked;
}

// All that was told has been sent.
bool is_done(const topd::Sinks& sinks, std::int64_t tick) {
    const std::vector<sink::Report> reports = sinks.reports();
    return std::all_of(reports.begin(), reports.end(), [&](const sink::Report& each) {
        return each.progress.told >= tick && each.waiting.batches == 0;
    });
}

void report(const topd::Sinks& sinks) {
    for (const sink::Report& each : sinks.reports()) {
        const nlohmann::json line = {{"sink", each.name},
                                     {"sent", each.progress.sent},
                                     {"already_there", each.progress.already_there},
                                     {"refused", each.progress.refused},
                                     {"retries", each.progress.retries},
                                     {"lost_ticks", each.progress.lost_ticks},
                                     {"dropped", each.waiting.dropped},
                                     {"failures", each.waiting.failures},
                                     {"waiting", each.waiting.points},
                                     {"bytes", each.progress.sent_bytes},
                                     {"trouble", each.progress.trouble}};
        std::fprintf(stderr, "REPORT %s\n", line.dump().c_str());
    }
}

}  // namespace

int main(int argc, char** argv) {
    ::signal(SIGPIPE, SIG_IGN);
    const Asked asked = read(argc, argv);
    const topd::Flags flags = topd::parse_flags(asked.topd);
    storage::history::HistoryOptions options;
    options.resolution = std::chrono::seconds{kTick};
    storage::history::History history{options};
    sink_lab::WorldOptions of_world;
    of_world.seed = static_cast<std::uint32_t>(asked.number("seed", 1));
    of_world.nodes = static_cast<unsigned>(asked.number("nodes", 4));
    of_world.pods = static_cast<unsigned>(asked.number("pods", 30));
    sink_lab::World world{of_world, history};
    std::ofstream truth{asked.own.at("truth")};
    const std::string places = asked.own.at("places");

    boost::asio::io_context loop;
    topd::Sinks sinks{loop.get_executor(), flags, history, {}, 64 << 20};
    net::TaskGroup group{loop.get_executor()};
    const std::int64_t told = asked.number("told", 0), pause = asked.number("pause", 0);
    const std::int64_t interval = asked.number("interval", kTick);
    const std::int64_t start = asked.number("start", 0) / kTick * kTick;
    for (std::int64_t i = 1; i <= asked.number("ticks", 0); ++i) {
        if (i == told + 1) {
            std::ifstream file{places};
            const std::string text{std::istreambuf_iterator<char>{file}, {}};
            if (!text.empty()) sinks.resume(text);
            sinks.start(group);
            // So that what they wait for is what comes.
            loop.poll();
        }
        const std::int64_t now = start + i * kTick;
        truth << world.tick(now) << std::endl;
        if (i <= told) continue;
        sinks.tick_ended();
        const auto end =
            std::chrono::steady_clock::now() + (pause > 0 ? std::chrono::milliseconds{pause} : 60s);
        while (!is_done(sinks, now / interval * interval) && std::chrono::steady_clock::now() < end)
            loop.run_one_until(std::min(end, std::chrono::steady_clock::now() + 20ms));
        std::ofstream{places} << sinks.places(false);
        // Who kills this waits for it.
        std::printf("%lld\n", static_cast<long long>(i));
        std::fflush(stdout);
    }
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (!is_done(sinks, 0) && std::chrono::steady_clock::now() < end) loop.run_one_for(20ms);
    std::ofstream{places} << sinks.places(true);
    report(sinks);
    group.cancel();
    boost::asio::co_spawn(loop, group.wait(), [](const std::exception_ptr&) {});
    loop.restart();
    loop.run_for(5s);
    return 0;
}
