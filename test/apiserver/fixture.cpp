// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

#include <zlib.h>

namespace test {

storage::PageRow page_row(const Used& used, bool newest) {
    const auto at = std::chrono::nanoseconds{std::chrono::seconds{kSampled}} - used.age;
    const auto window = std::chrono::nanoseconds{used.window};
    // Rounded up, so that the rate is not below what was asked for.
    const auto milliseconds = static_cast<std::uint64_t>(used.window.count());
    const std::uint64_t burnt = (used.nanocores * milliseconds + 999) / 1000;
    storage::PageRow row;
    row.container = used.name;
    const storage::Nanos when = (newest ? at : at - window).count();
    constexpr std::uint64_t kBefore = 5'000'000'000;
    row.cpu = storage::Reading{newest ? kBefore + burnt : kBefore, when};
    row.memory = storage::Reading{used.memory, when};
    if (used.swap) row.swap = storage::Reading{*used.swap, when};
    return row;
}

net::Task<apiserver::AuthResult> FixedAuthenticator::authenticate(const net::Request&, net::Deadline) {
    co_return result;
}

net::Task<apiserver::Decision> FixedAuthorizer::authorize(const apiserver::User&,
                                                          const apiserver::RequestInfo& info, net::Deadline) {
    asked.push_back(info);
    co_return result;
}

net::Request request(std::string target, const std::vector<Header>& headers, std::string method) {
    net::Request out;
    out.method = std::move(method);
    out.target = std::move(target);
    for (const auto& [name, value] : headers) out.headers.add(name, value);
    return out;
}

net::Response respond(apiserver::Api& api, net::Request asked) {
    boost::asio::io_context loop{1};
    return run(loop, api.respond(std::move(asked)));
}

std::string whole_body(net::Response& response) {
    std::string body = response.body;
    for (bool more = response.source != nullptr; more;) {
        boost::asio::io_context loop{1};
        const auto piece = run(loop, response.source->next(body));
        more = piece.value() == net::Piece::more;
    }
    return body;
}

std::string unpacked(std::string packed) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string out;
    std::string piece(std::size_t{64} * 1024, '\0');
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        result = inflate(&stream, Z_NO_FLUSH);
        out.append(piece, 0, piece.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    CHECK(result == Z_STREAM_END);
    CHECK(stream.avail_in == 0);
    return out;
}

Cluster::Cluster() = default;
Cluster::~Cluster() = default;

apiserver::ApiOptions Cluster::make_options() {
    apiserver::ApiOptions out;
    out.version = "0.1.0";
    out.server_address = ":10443";
    out.metrics.wall_clock = [] { return std::chrono::system_clock::time_point{std::chrono::seconds{kNow}}; };
    out.metrics.monotonic_clock = [this] { return now; };
    return out;
}

void Cluster::scrape(const std::string& node, const Used& used, const std::vector<PodUse>& pods) {
    for (const bool newest : {false, true}) {
        storage::NodePage page;
        page.node = page_row(used, newest);
        page.node.container = {};
        for (const PodUse& pod : pods) {
            for (const Used& container : pod.containers) {
                storage::PageRow row = page_row(container, newest);
                row.name_space = pod.name_space;
                row.pod = pod.name;
                page.containers.push_back(row);
            }
        }
        store.commit(node, page, now);
    }
}

void Cluster::fill() {
    store.put_node("n1", {{"kubernetes.io/hostname", "n1"}, {"zone", "a"}});
    store.put_node("n2", {});
    store.put_node("n3", {{"zone", "b"}});
    store.put_pod("default", "web-0", {{"app", "web"}});
    store.put_pod("default", "web-1", {{"app", "web"}});
    store.put_pod("kube-system", "dns", {{"app", "dns"}});
    scrape("n1", {"", 123458473, 1234567168, std::nullopt, std::chrono::milliseconds{10'010}});
    Used app{"app", 1'500'000'000, 52428801, 0, std::chrono::milliseconds{15'002}};
    Used proxy{"proxy", 0, 2048, std::nullopt, std::chrono::milliseconds{15'002}};
    scrape("n2", {"", 60'000'000, 1048576, 1000},
           {{"default", "web-0", {proxy, app}}, {"kube-system", "dns", {{"dns", 1'000'000, 1024}}}});
}

void Cluster::add_pods(std::size_t count, const std::string& name_space, const Used& each,
                       const std::string& node) {
    store.put_node(node, {});
    std::vector<PodUse> pods;
    for (std::size_t i = 0; i < count; ++i) {
        pods.push_back({name_space, "pod-" + std::to_string(100'000 + i), {each}});
        store.put_pod(name_space, pods.back().name, {});
    }
    scrape(node, {"", 1, 1}, pods);
}

net::Response Cluster::ask(net::Request asked) {
    apiserver::Api api{options, store, authenticator, authorizer};
    net::Response response = respond(api, std::move(asked));
    response.body = whole_body(response);
    response.source.reset();
    return response;
}

net::Response Cluster::get(std::string target, const std::vector<Header>& headers) {
    return ask(request(std::move(target), headers));
}

std::string Cluster::body(std::string target, const std::vector<Header>& headers) {
    return get(std::move(target), headers).body;
}

std::string header(const net::Response& response, std::string_view name) {
    return std::string{response.headers.find(name).value_or("<none>")};
}

}  // namespace test
