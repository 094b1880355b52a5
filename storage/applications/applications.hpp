// SPDX-License-Identifier: Apache-2.0
// What pods say of themselves (--custom-metrics): the metrics that somebody asks for, and their newest
// figures by pod (docs/decisions/0030-custom-metrics.md).
//
// The API asks: it is answered with what is known, and what it asked for is in demand from then on, for a
// while. Who scrapes reads which pods are in demand and hands in their pages. Values and time only, as in
// storage/store.hpp; not thread safe. Everything is bounded (ApplicationsOptions).
#pragma once

#include "storage/applications/demand.hpp"
#include "storage/applications/figure.hpp"
#include "storage/applications/reading.hpp"
#include "storage/store.hpp"
#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage::applications {

struct ApplicationsOptions {
    // How often a pod is scraped, and how long that may take: a figure is served until 2 x interval + timeout
    // after its page was asked for.
    std::chrono::nanoseconds interval{std::chrono::seconds{15}};
    std::chrono::nanoseconds timeout{std::chrono::seconds{5}};
    // Over how long rates are taken.
    std::chrono::nanoseconds window{std::chrono::seconds{60}};
    // How long something is in demand after it was asked for.
    std::chrono::nanoseconds demand_life{std::chrono::minutes{5}};
    // Bounds. What is over one has no figure (Missing::no_room), never a part of one.
    std::size_t demands = 1'000;
    std::size_t demands_of_namespace = 100;
    std::size_t pods = 5'000;
    // Of one demand on one page.
    std::size_t series = 2'000;
    // The name of a metric.
    std::size_t metric_bytes = 512;
    // Of all that is in demand; a namespace has at most its part of it. Pages that are coming may take half
    // as much again. When there is no room, what was known before goes on, and what is new or has grown is
    // refused.
    std::size_t bytes = 32 * 1024 * 1024;
};
// A namespace has bytes / kNamespacesPart.
inline constexpr std::size_t kNamespacesPart = 2;

// What a pod's annotations say, as they were written; empty: they do not.
struct Annotations {
    std::string port;
    std::string path;
    std::string scheme;
    bool operator==(const Annotations&) const = default;
};

enum class Refused : std::uint8_t {
    nothing,
    demands,               // there are ApplicationsOptions::demands
    demands_of_namespace,  // the namespace has its ones
    pods,                  // there are ApplicationsOptions::pods in demand
    series,                // a page has more series for a demand
    bytes,
};
inline constexpr std::size_t kRefused = 6;

// A demand that is known. Good for as long as it is in demand; after that it knows nothing.
struct Asked {
    // 0: there is no room for it, as `refused` says.
    std::uint32_t id = 0;
    Refused refused = Refused::nothing;
    // Since when it has been in demand; zero: it was not before.
    std::chrono::nanoseconds since{0};
};

// A pod that is to be scraped.
struct Wanted {
    std::string uid;
    Annotations annotations;
    // Takes a page.
    Reading reading;
};

// Why a pod's application is scraped or not, and what came of it: for people.
struct Explanation {
    struct Of {
        Demand demand;
        // For how long it has been in demand, of any pod.
        std::chrono::nanoseconds since{0};
        Known known;
        // Series that count, on the last page.
        std::size_t series = 0;
    };
    // Its annotations say that it is to be scraped.
    bool annotated = false;
    Annotations annotations;
    // Since the last good page was asked for; nullopt: there was none.
    std::optional<std::chrono::nanoseconds> page_age;
    // What the last scrape ended with; empty: it was good, or there was none.
    std::string trouble;
    // What is in demand of it. Empty: it is not scraped.
    std::vector<Of> demands;
};

struct ApplicationsStats {
    std::size_t demands = 0;
    // Annotated, and in demand.
    std::size_t pods = 0;
    std::size_t annotated = 0;
    std::size_t bytes = 0;
    // Since the start, by Refused.
    std::uint64_t refused[kRefused] = {};
};

class FigureHistory;

class Applications {
  public:
    explicit Applications(ApplicationsOptions options);
    ~Applications();
    Applications(const Applications&) = delete;
    Applications& operator=(const Applications&) = delete;

    const ApplicationsOptions& options() const;

    // --- What the API asks. Only what the asker is permitted to read: asking makes it be scraped.

    // The metric is in demand from now on.
    Asked ask(const Demand& demand, Monotonic now);
    // What is known of a pod of the demand's namespace; the pod is in demand from now on as well. Any name
    // may be given: a pod that is not annotated costs nothing.
    Known known(const Asked& asked, std::string_view pod, Monotonic now);
    // The pods of a namespace whose annotations say that they are to be scraped, by name. Nothing may be
    // called meanwhile.
    void visit_annotated(std::string_view name_space,
                         const std::function<void(std::string_view pod)>& visit) const;
    // For discovery: the names in demand under which some page had a figure, sorted, and kUp.
    std::vector<std::string> metric_names() const;
    // For /debug/pods.
    Explanation explain(const PodKey& pod, Monotonic now) const;
    // A tick ends now: all figures that are served at this moment, `at` by the clock.
    void tell(FigureHistory& history, std::int64_t at, Monotonic now) const;

    // --- What the watch of pods says: only pods whose annotations say that they are to be scraped are put.
    // Another UID under a name is another pod. As in storage/store.hpp. version: another one where anything
    // of the pod has changed.

    void begin_pods();
    void end_pods();
    void put_pod(const PodKey& pod, std::string_view uid, const Annotations& annotations,
                 std::string_view version = {});
    // Any pod.
    void remove_pod(const PodKey& pod);

    // --- Who scrapes.

    // Is called when something is in demand of a pod that was not before; must not call back.
    void on_wanted(std::function<void(const PodKey&)> wake);
    // The UID of a pod that is to be scraped; empty: nothing is in demand of it, or it is gone. Valid until
    // the watch says something else.
    std::string_view wanted_uid(const PodKey& pod) const;
    // Another one when the watch has seen it change.
    std::uint64_t revision(const PodKey& pod) const;
    // Its page is asked for now: by our clock, and in Unix time. nullopt: nothing is in demand of it, or it
    // is gone.
    std::optional<Wanted> wanted(const PodKey& pod, Monotonic now, Nanos unix_now) const;
    // A page that came whole. That of a pod that is gone meanwhile is dropped.
    void commit(const PodKey& pod, std::string_view uid, Reading page);
    // No page came. why: not_annotated (the pod itself was not asked) or unreachable. detail: one line.
    void fail(const PodKey& pod, std::string_view uid, Missing why, std::string_view detail, Monotonic now,
              Nanos unix_now);
    // Some demand of it is for a counter that has one point only: a second page soon gives a rate.
    bool lacks_second_page(const PodKey& pod) const;

    // Forgets what is in demand no more. Cheap; call it every few seconds.
    void expire(Monotonic now);
    ApplicationsStats stats() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace storage::applications
