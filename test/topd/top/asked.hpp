// SPDX-License-Identifier: Apache-2.0
// topd as `topd top` sees it: a script of answers, and a viewer that remembers what was shown.
#pragma once

#include "test/kube/fake_api_server.hpp"
#include "test/net/run.hpp"
#include "topd/top/watch.hpp"

#include <chrono>
#include <deque>
#include <string>
#include <vector>

namespace test {

inline kube::test::Answer answer_of(std::string json) {
    kube::test::Answer answer;
    answer.pieces = {std::move(json)};
    answer.content_type = "application/json";
    return answer;
}

inline kube::test::Answer refusal(unsigned status, std::string body, std::string retry_after = "") {
    kube::test::Answer answer = answer_of(std::move(body));
    answer.status = status;
    if (!retry_after.empty()) answer.headers = {{"Retry-After", std::move(retry_after)}};
    return answer;
}

struct TopScene {
    explicit TopScene(std::deque<kube::test::Answer> script) : api{loop.get_executor(), std::move(script)} {
        place.config = api.config();
        place.config.name_space = "default";
        place.path = "/proxy";
        place.called = "topd";
        viewer.show = [this](const std::string& text) {
            shown.push_back(text);
            return reads;
        };
        viewer.complain = [this](const std::string& text) { complaints.push_back(text); };
        viewer.marks = topd::top::Marks::ascii;
    }

    kube::Outcome<topd::top::Rows> read(const topd::top::Options& options) {
        topd::top::Reader reader{loop.get_executor(), place, std::chrono::milliseconds{1}};
        return run(loop, beside_api(reader.read(options)));
    }

    int show_once(const topd::top::Options& options) {
        topd::top::Reader reader{loop.get_executor(), place, std::chrono::milliseconds{1}};
        return run(loop, beside_api(topd::top::show_once(reader, options, place, viewer)));
    }

    // Ends when the script does, with -1, or of itself.
    int watch(const topd::top::Options& options) {
        topd::top::Reader reader{loop.get_executor(), place, std::chrono::milliseconds{1}};
        int status = -1;
        run(loop, watch_beside_api(reader, options, status));
        return status;
    }

    boost::asio::io_context loop{1};
    kube::test::FakeApiServer api;
    topd::top::Place place;
    topd::top::Viewer viewer;
    std::vector<std::string> shown;
    std::vector<std::string> complaints;
    // What show() says.
    bool reads = true;

  private:
    template <class T>
    net::Task<T> beside_api(net::Task<T> task) {
        net::TaskGroup group{loop.get_executor()};
        group.spawn(api.run());
        T result = co_await std::move(task);
        api.stop();
        co_await group.wait();
        co_return result;
    }

    net::Task<> keep_status(topd::top::Reader& reader, const topd::top::Options& options, int& status) {
        topd::top::Pace pace;
        pace.again = pace.shortest = std::chrono::milliseconds{1};
        status = co_await topd::top::watch(reader, options, place, viewer, pace);
    }

    net::Task<> watch_beside_api(topd::top::Reader& reader, const topd::top::Options& options, int& status) {
        net::TaskGroup server{loop.get_executor()};
        server.spawn(api.run());
        net::TaskGroup watching{loop.get_executor()};
        watching.spawn(keep_status(reader, options, status));
        net::TaskGroup until{loop.get_executor()};
        until.spawn(cancel_when_exhausted(watching));
        co_await watching.wait();
        until.cancel();
        co_await until.wait();
        api.stop();
        co_await server.wait();
    }

    net::Task<> cancel_when_exhausted(net::TaskGroup& watching) {
        co_await api.exhausted();
        watching.cancel();
    }
};

}  // namespace test
