// SPDX-License-Identifier: Apache-2.0
// Who asks for the same list at the same time is sent the same bytes.
#include "test/apiserver/list/lab.hpp"

#include <array>
#include <exception>
#include <new>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

using apiserver::KeptLists;
using test::kMoment;
using test::ListLab;

namespace {

std::string list_of_its_own(ListLab& lab) {
    net::Response response = lab.asked(false);
    return test::whole_body(response);
}

}  // namespace

TEST_CASE("many who list the same at once cost one list") {
    ListLab lab;
    const std::string expected = list_of_its_own(lab);
    REQUIRE(lab.rows() == ListLab::kPods);
    std::array<ListLab::Read, 32> reads;
    for (ListLab::Read& read : reads) lab.start(lab.read(read, true));
    lab.loop.run();
    for (const ListLab::Read& read : reads) {
        CHECK(read.status == 200);
        CHECK((read.body == expected));
    }
    CHECK(lab.rows() == 2 * ListLab::kPods);
    CHECK(lab.peak <= expected.size());
    CHECK(lab.used() == 0);
}

TEST_CASE("many who list the same compressed at once cost one compressed list") {
    ListLab lab;
    net::Response one = lab.asked(false, true);
    const std::size_t packed = lab.used();
    const std::string expected = test::whole_body(one);
    CHECK(packed * 5 < list_of_its_own(lab).size());
    std::array<ListLab::Read, 32> reads;
    for (ListLab::Read& read : reads) lab.start(lab.read(read, true, true));
    lab.loop.run();
    for (const ListLab::Read& read : reads) CHECK((read.body == expected));
    CHECK(lab.rows() == 3 * ListLab::kPods);
    CHECK(lab.peak == packed);
}

TEST_CASE("who asks a second after a list's beginning gets a new one") {
    ListLab lab;
    net::Response first = lab.asked(true);
    const std::string before = list_of_its_own(lab);
    lab.set_figures(2'000'000);
    const std::string after = list_of_its_own(lab);
    REQUIRE(before != after);
    lab.cluster.now += KeptLists::kShared - kMoment;
    net::Response joined = lab.asked(true);
    lab.cluster.now += kMoment;
    net::Response fresh = lab.asked(true);
    CHECK((test::whole_body(fresh) == after));
    CHECK((test::whole_body(joined) == before));
    CHECK((test::whole_body(first) == before));
    CHECK(lab.used() == 0);
}

TEST_CASE("a list goes with its last reader") {
    ListLab lab;
    net::Response first = lab.asked(true);
    net::Response second = lab.asked(true);
    first.source.reset();
    CHECK(lab.used() > 0);
    second.source.reset();
    CHECK(lab.used() == 0);
    // Nothing is left to join.
    const std::size_t rows = lab.rows();
    lab.asked(true);
    CHECK(lab.rows() == rows + ListLab::kPods);
}

TEST_CASE("a list that its maker leaves is made to its end by those who wait for it") {
    ListLab lab;
    const std::string expected = list_of_its_own(lab);
    ListLab::Read left;
    boost::asio::cancellation_signal leave;
    bool cancelled = false;
    boost::asio::co_spawn(
        lab.loop, lab.read(left, true),
        boost::asio::bind_cancellation_slot(
            leave.slot(), [&](const std::exception_ptr& failure) { cancelled = failure != nullptr; }));
    std::array<ListLab::Read, 3> reads;
    for (ListLab::Read& read : reads) lab.start(lab.read(read, true));
    for (int i = 0; i < 20; ++i) REQUIRE(lab.loop.poll_one() == 1);
    const std::size_t done = lab.rows() - ListLab::kPods;
    CHECK(done > 0);
    CHECK(done < ListLab::kPods);
    leave.emit(boost::asio::cancellation_type::terminal);
    lab.loop.run();
    CHECK(cancelled);
    for (const ListLab::Read& read : reads) {
        CHECK(read.status == 200);
        CHECK((read.body == expected));
    }
    CHECK(lab.rows() == 2 * ListLab::kPods);
    CHECK(lab.used() == 0);
}

TEST_CASE(
    "a list that fails while it is made is refused to those who wait for it, and made anew for others") {
    ListLab lab;
    const std::string expected = list_of_its_own(lab);
    lab.fails_in = ListLab::kPods / 4;
    ListLab::Read maker;
    std::exception_ptr failure;
    boost::asio::co_spawn(lab.loop, lab.read(maker, true),
                          [&](const std::exception_ptr& thrown) { failure = thrown; });
    std::array<ListLab::Read, 3> reads;
    for (ListLab::Read& read : reads) lab.start(lab.read(read, true));
    lab.loop.run();
    REQUIRE(failure);
    CHECK_THROWS_AS(std::rethrow_exception(failure), std::bad_alloc);
    for (const ListLab::Read& read : reads) CHECK(read.status == 429);
    CHECK(lab.used() == 0);
    net::Response anew = lab.asked(true);
    CHECK((test::whole_body(anew) == expected));
}

TEST_CASE("a piece goes when all have passed it and nobody can join any more") {
    ListLab lab;
    net::Response fast = lab.asked(true);
    net::Response slow = lab.asked(true);
    const std::size_t all = lab.used();
    std::string fast_body = fast.body;
    std::string slow_body = slow.body;
    test::read(fast, fast_body, 10);
    test::read(slow, slow_body, 2);
    CHECK(lab.used() == all);
    lab.cluster.now += KeptLists::kShared;
    test::read(fast, fast_body, 1);
    CHECK(lab.used() == all - (slow_body.size() - slow.body.size()));
    test::read(slow, slow_body, 1);
    CHECK(lab.used() == all - (slow_body.size() - slow.body.size()));
    REQUIRE(test::read_rest(fast, fast_body));
    CHECK(lab.used() == all - (slow_body.size() - slow.body.size()));
    REQUIRE(test::read_rest(slow, slow_body));
    CHECK(lab.used() == 0);
    CHECK((slow_body == fast_body));
    CHECK(test::read_protobuf(slow_body).rows.size() == ListLab::kPods);
}

TEST_CASE("only those who ask for the same share a list") {
    test::Cluster cluster;
    for (const std::string name_space : {"a", "b"})
        cluster.add_pods(2000, name_space, {"main", 1, 1024}, name_space);
    const std::string v1 = "/apis/metrics.k8s.io/v1";
    const std::string rows = test::kProtobuf.second + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=";
    struct Kind {
        std::string target;
        std::vector<test::Header> headers;
    };
    const Kind kinds[] = {{test::kMetrics + "/pods", {test::kProtobuf}},
                          {test::kMetrics + "/namespaces/a/pods", {test::kProtobuf}},
                          {test::kMetrics + "/namespaces/b/pods", {test::kProtobuf}},
                          {test::kMetrics + "/namespaces/c/pods", {test::kProtobuf}},
                          {test::kMetrics + "/nodes", {test::kProtobuf}},
                          {v1 + "/pods", {test::kProtobuf}},
                          {v1 + "/pods", {test::kProtobuf, {"Accept-Encoding", "gzip"}}},
                          {v1 + "/pods", {{"Accept", rows + "v1"}}},
                          {v1 + "/pods", {{"Accept", rows + "v1beta1"}}},
                          {v1 + "/pods?labelSelector=app", {test::kProtobuf}},
                          {v1 + "/pods?fieldSelector=metadata.name%3Dpod-100007", {test::kProtobuf}}};
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    // All are held while each is asked for again.
    std::vector<net::Response> held;
    for (int round = 0; round < 2; ++round) {
        for (const Kind& kind : kinds)
            held.push_back(test::respond(api, test::request(kind.target, kind.headers)));
    }
    for (std::size_t i = 0; i < held.size(); ++i) {
        const Kind& kind = kinds[i % std::size(kinds)];
        CAPTURE(kind.target, kind.headers);
        const net::Response alone = cluster.get(kind.target, kind.headers);
        CHECK(test::header(held[i], "Content-Encoding") == test::header(alone, "Content-Encoding"));
        CHECK((test::whole_body(held[i]) == alone.body));
    }
}
