// SPDX-License-Identifier: Apache-2.0
// Lines that clients bring about: ten a second of all kinds together, and a count.
#include "test/net/server_lab.hpp"
#include "test/topd/captured_log.hpp"

#include <algorithm>

using namespace test;

namespace {

net::Task<> speak(const net::HttpServer& server, std::string sent) {
    co_await raw_exchange(server, std::move(sent));
}

}  // namespace

TEST_CASE("A flood of what is logged about clients writes ten lines and a count, whatever it is") {
    struct Case {
        const char* name;
        bool tls;
        std::string sent;
        std::string begins;
    };
    const Case cases[] = {
        {"requests that are none", false, "hello\r\n\r\n", "\"Dropped a request that did not come whole\""},
        {"requests that fail", false, "GET /throw HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
         "\"A request failed\" err=\"boom\""},
        {"handshakes that are none", true, "hello, this is no handshake\r\n\r\n", "\"TLS handshake error\""},
    };
    constexpr int kFlood = 40;
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Echo echo;
            // All of it is in one second.
            CapturedLog log{0, [] { return std::chrono::system_clock::time_point{1h}; }};
            with_server({}, c.tls, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
                net::TaskGroup group{loop.get_executor()};
                for (int i = 0; i < kFlood; ++i) group.spawn(speak(server, c.sent));
                co_await group.wait();
            });
            const std::vector<std::string> lines = log.lines();
            REQUIRE(lines.size() == 11);
            CHECK(std::all_of(lines.begin(), lines.end() - 1,
                              [&](const std::string& line) { return line.starts_with(c.begins); }));
            CHECK(lines.back() == "\"Left out lines about clients\" count=30");
        }
}
