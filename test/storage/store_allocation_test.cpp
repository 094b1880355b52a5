// SPDX-License-Identifier: Apache-2.0
// Counts what this executable allocates: a page of known containers must cost nothing.
#include "storage/objects.hpp"
#include "storage/store.hpp"
#include "test/storage/pages.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <malloc.h>

namespace {
std::size_t allocations = 0;
// Allocations that were not given back.
std::ptrdiff_t live = 0;
std::ptrdiff_t live_bytes = 0;

void* allocate(std::size_t size) {
    void* const memory = std::malloc(size);
    ++allocations;
    ++live;
    live_bytes += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
    return memory;
}

void give_back(void* memory) {
    if (memory != nullptr) --live;
    live_bytes -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
    std::free(memory);
}
}  // namespace

void* operator new(std::size_t size) {
    if (void* memory = allocate(size)) return memory;
    throw std::bad_alloc{};
}
// What std::stable_sort takes.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    give_back(memory);
}

using namespace storage;

TEST_CASE("in the steady state neither a commit nor a walk allocates") {
    Store store{{}};
    store.put_node("node", {});
    std::vector<std::string> names;
    for (int i = 0; i < 30; ++i)
        names.push_back("a-pod-whose-name-does-not-fit-a-short-string-" + std::to_string(i));
    for (const std::string& name : names) store.put_pod("a-namespace-of-some-length", name, {{"app", "web"}});
    const auto commit = [&](double now, std::size_t skipped) {
        NodePage page;
        for (const char* container : {"main", "sidecar-with-a-long-name"}) {
            for (std::size_t i = 0; i < names.size(); ++i) {
                if (i == skipped) continue;
                page.containers.push_back(
                    row("a-namespace-of-some-length", names[i], container, 1000 + now, 10 + now));
            }
        }
        page.node = node_row(1000 + now, 10 + now);
        const std::size_t before = allocations;
        store.commit("node", page, at(now));
        return allocations - before;
    };
    CHECK(commit(0, 99) > 0);
    CHECK(commit(15, 99) == 0);
    // A pod that goes away and comes back.
    CHECK(commit(30, 7) == 0);
    CHECK(commit(45, 99) == 0);

    std::size_t served = 0;
    std::size_t first = 0;
    const std::size_t before = allocations;
    const auto visit = [&](const PodView& pod) {
        // The row that is used for all pods grows with the first.
        if (served == 0) first = allocations - before;
        served += pod.containers.size();
        return true;
    };
    store.walk_pods({}, {}, at(45), visit);
    CHECK(served == 60);
    CHECK(allocations - before == first);
    const std::size_t idle = allocations;
    store.expire(at(50));
    CHECK(allocations == idle);
}

namespace {

struct Leftover {
    std::ptrdiff_t too_early;
    std::ptrdiff_t at_last;
};

// Two containers are there at 100 s and away at 110 s. What `pass(store, time)` leaves of them at 140 s (the
// bound) and after it. Catch must not run in between: it allocates.
template <class Pass>
Leftover leftover(Pass pass) {
    Store store{{}};
    store.put_node("node", {});
    store.put_pod("n", "p", {});
    const auto live_briefly = [&](double now) {
        store.commit("node", page({row("n", "p", "a", 1000, 1), row("n", "p", "b", 1000, 1)}), at(now));
        store.commit("node", page({}), at(now + 10));
    };
    // What a store keeps for the next page is there before.
    live_briefly(0);
    store.commit("node", page({}), at(60));
    const std::ptrdiff_t before = live;
    live_briefly(100);
    pass(store, 140);
    const std::ptrdiff_t too_early = live - before;
    pass(store, 151);
    return {too_early, live - before};
}

}  // namespace

TEST_CASE("what went away for longer than the bound is freed") {
    const Leftover by_pages =
        leftover([](Store& store, double now) { store.commit("node", page({}), at(now)); });
    CHECK(by_pages.too_early > 0);
    CHECK(by_pages.at_last == 0);

    const Leftover of_a_silent_node = leftover([](Store& store, double now) { store.expire(at(now)); });
    CHECK(of_a_silent_node.too_early > 0);
    CHECK(of_a_silent_node.at_last == 0);

    const Leftover of_a_lost_node = leftover([](Store& store, double now) {
        store.remove_node("node");
        store.expire(at(now));
        store.put_node("node", {});
    });
    CHECK(of_a_lost_node.too_early > 0);
    // Its memory of the page's order went with it.
    CHECK(of_a_lost_node.at_last == -1);
}

TEST_CASE("unknown pods leave nothing behind") {
    Store store{{}};
    store.put_node("node", {});
    const auto name_and_forget = [&](const char* name_space, double now) {
        store.commit("node", page({row(name_space, "p", "c", 1000, 1)}), at(now));
        store.expire(at(now + 50));
    };
    name_and_forget("one", 0);
    const std::ptrdiff_t before = live;
    name_and_forget("two", 100);
    name_and_forget("three", 200);
    const std::ptrdiff_t after = live;
    CHECK(after == before);
}

TEST_CASE("an unknown pod takes no more than the memory plan reckons with, whatever its names") {
    constexpr std::size_t kPods = 1000;
    const auto number = [](std::size_t i, std::size_t size) {
        std::string text = std::to_string(i);
        return std::string(size - text.size(), 'x') + text;
    };
    const auto bytes_of = [&](std::size_t containers) {
        std::vector<std::string> pods;
        std::vector<std::string> names;
        for (std::size_t i = 0; i < kPods; ++i) pods.push_back(number(i, kPodNameBytes));
        for (std::size_t i = 0; i < kPods * containers; ++i) names.push_back(number(i, kContainerNameBytes));
        Store store{{}};
        for (int node = 0; node < 10; ++node) store.put_node(std::to_string(node), {});
        const std::ptrdiff_t before = live_bytes;
        const std::ptrdiff_t pieces = live;
        for (std::size_t node = 0; node < 10; ++node) {
            NodePage page;
            for (std::size_t i = node; i < kPods; i += 10)
                for (std::size_t c = 0; c < containers; ++c)
                    page.containers.push_back(
                        row(std::string_view{pods[i]}.substr(kPodNameBytes - kNamespaceBytes), pods[i],
                            names[i * containers + c], 1000, 1));
            const std::ptrdiff_t of_page = live_bytes;
            store.commit(std::to_string(node), page, at(1));
            CHECK(live_bytes > of_page);
        }
        // malloc keeps some 16 bytes of its own for each piece.
        return static_cast<std::size_t>(live_bytes - before + 16 * (live - pieces)) / kPods;
    };
    const std::size_t with_one = bytes_of(1);
    const std::size_t with_eleven = bytes_of(11);
    const std::size_t container = (with_eleven - with_one) / 10;
    CAPTURE(with_one, container);
    CHECK(container <= kUnknownContainerBytes);
    CHECK(with_one <= kUnknownPodBytes + kUnknownContainerBytes);
    // Nor much less, or the plan would be of another time.
    CHECK(with_one > kUnknownPodBytes / 2);
    CHECK(container > kUnknownContainerBytes / 2);
}
