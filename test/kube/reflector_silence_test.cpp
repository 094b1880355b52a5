// SPDX-License-Identifier: Apache-2.0
// A reflector of a server that falls silent, each time at another stage: it says so, and asks over another
// connection.
#include "kube/reviews/review_client.hpp"
#include "test/kube/reflector_scene.hpp"
#include "test/net/silent_peer.hpp"
#include "test/net/tls/authority.hpp"
#include "test/topd/captured_log.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using namespace std::chrono_literals;
using End = Answer::End;

namespace {

std::size_t count(const std::vector<std::string>& lines, std::string_view part) {
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(),
                      [part](const std::string& line) { return line.find(part) != std::string::npos; }));
}

// Until `so`. False: it was not within 20 s.
template <class So>
net::Task<bool> comes(Reflector& reflector, net::Executor executor, So so) {
    net::TaskGroup reflecting{executor};
    reflecting.spawn(reflector.run());
    const net::Deadline end = net::Clock::now() + 20s;
    while (!so() && net::Clock::now() < end) co_await net::sleep_until(net::Clock::now() + 5ms);
    reflecting.cancel();
    co_await reflecting.wait();
    co_return so();
}

}  // namespace

TEST_CASE("An API server that takes connections and says nothing is left and tried again") {
    struct Case {
        const char* name;
        bool tls;
        net::StageLimits stages;
        const char* says;
        const char* hint;
    };
    const Case cases[] = {
        {"handshake", true, {.handshake = 30ms}, "TLS handshake not done in time", "MTU"},
        {"answer", false, {.answer = 30ms}, "connected, but no answer in time", "load"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            ::test::CapturedLog log;
            boost::asio::io_context loop{1};
            ::test::SilentPeer peer{loop};
            Config config = local_config(peer.port());
            net::TlsClient::Options tls;
            tls.ca_pem = net::make_authority("cluster").certificate_pem;
            if (c.tls) config.server.tls = net::TlsClient::make(tls).value();
            ReflectorOptions options = quick();
            options.stages = c.stages;
            Recorder recorder;
            const auto reflector = watch_pods(loop.get_executor(), config, recorder, options);
            CHECK(::test::run(
                loop, comes(*reflector, loop.get_executor(), [&] { return peer.connections() >= 3; })));
            CHECK(reflector->last_error() == c.says);
            CHECK_FALSE(reflector->synced());
            const auto& lines = log.lines();
            CHECK(count(lines, "\"Failed to list\" err=\"" + std::string{c.says}) >= 2);
            CHECK(lines[0].find(c.hint) != std::string::npos);
        }
}

TEST_CASE("An API server that takes no connection or whose name hangs is told of") {
    boost::asio::io_context loop{1};
    ::test::NameServer names;
    names.serve(loop);
    const ::test::FullPeer peer{loop};
    Config config = local_config(peer.port());
    ReflectorOptions options = quick();
    options.stages.look_up = options.stages.connect = 30ms;
    const bool by_name = GENERATE(true, false);
    if (by_name) config.server.host = "dead-cluster";
    Recorder recorder;
    const auto reflector = watch_pods(loop.get_executor(), config, recorder, options);
    CHECK(::test::run(
        loop, comes(*reflector, loop.get_executor(), [&] { return !reflector->last_error().empty(); })));
    CHECK(reflector->last_error() ==
          (by_name ? "the name dead-cluster could not be looked up in time" : "no connection in time"));
}

TEST_CASE("A list whose first byte does not come is asked for again") {
    ReflectorOptions options = quick();
    options.stages.answer = 500ms;
    const Scene scene{{{{}, End::silent}, list_of("a", "900"), {{added("b", "901")}}}, options};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@900", "end", "put b@901"});
    CHECK(scene.api.targets() == Calls{kList, kList, watch_from("900"), watch_from("901")});
}

TEST_CASE("A silent list is given up") {
    ReflectorOptions options = quick();
    options.stages.silence = 100ms;
    const std::string whole = pods(list_meta("900", ""), item("a", "1"));
    const Scene scene{{{{whole.substr(0, 20)}, End::silent}}, options};
    CHECK_THAT(scene.reflector->last_error(),
               Catch::StartsWith("the answer began, then the peer was silent for "));
    CHECK(scene.recorder.calls == Calls{"begin"});
}

TEST_CASE("A watch whose head does not come has failed") {
    ReflectorOptions options = quick();
    options.stages.answer = 500ms;
    ::test::CapturedLog log;
    const Scene scene{{list_of("a", "900"), {{}, End::silent}, {{added("b", "901")}}}, options};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@900", "end", "put b@901"});
    CHECK(scene.api.targets() == Calls{kList, watch_from("900"), watch_from("900"), watch_from("901")});
    CHECK(count(log.lines(), "\"Failed to watch\" err=\"connected, but no answer in time\"") == 1);
}

TEST_CASE("A watch that has fallen silent is opened anew from where it was") {
    ReflectorOptions options = quick();
    options.watch_silence = 100ms;
    ::test::CapturedLog log;
    const Scene scene{{list_of("a", "900"),
                       {{added("b", "901") + bookmark("905")}, End::silent},
                       {{added("c", "906")}, End::silent},
                       {{added("d", "907")}}},
                      options};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@900", "end", "put b@901", "put c@906", "put d@907"});
    CHECK(scene.api.targets() ==
          Calls{kList, watch_from("900"), watch_from("905"), watch_from("906"), watch_from("907")});
    CHECK(scene.reflector->last_error().empty());
    CHECK(count(log.lines(), "\"Watch fell silent, opening it anew\"") == 2);
}

TEST_CASE("A server that sends no bookmarks is watched on, without a list and without many words") {
    ReflectorOptions options = quick();
    options.watch_silence = 50ms;
    ::test::CapturedLog log;
    const Answer quiet{{""}, End::silent};
    const Scene scene{{list_of("a", "900"), quiet, quiet, quiet, {{added("b", "901")}}}, options};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@900", "end", "put b@901"});
    CHECK(std::count(scene.api.targets().begin(), scene.api.targets().end(), watch_from("900")) == 4);
    CHECK(count(log.lines(), "\"Watch fell silent, opening it anew\"") == 1);
}

TEST_CASE("A silent watch is noticed within two minutes, and not before a bookmark could come") {
    const ReflectorOptions usual;
    CHECK(usual.watch_silence < 2min);
    CHECK(usual.watch_silence > 62s);
}

TEST_CASE("A review that is not answered says what was waited for") {
    boost::asio::io_context loop{1};
    ::test::SilentPeer peer{loop};
    ReviewOptions options;
    options.timeout = 500ms;
    ReviewClient client{loop.get_executor(), local_config(peer.port()), options};
    std::string said;
    auto ask = [&]() -> net::Task<> {
        Asker asker;
        const auto answer = co_await client.ask("/review", "{}", std::move(asker), ::test::kNoDeadline);
        if (!answer) said = answer.error().text();
    };
    ::test::run(loop, ask());
    CHECK(said == "connected, but no answer in time");
    CHECK(peer.connections() == 1);
}
