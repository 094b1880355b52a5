// SPDX-License-Identifier: Apache-2.0
// Prometheus text exposition format 0.0.4, as kubelets print it on /metrics/resource, parsed as it arrives.
//
// Format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
// Families used: node_cpu_usage_seconds_total, node_memory_working_set_bytes, node_swap_usage_bytes,
// container_cpu_usage_seconds_total, container_memory_working_set_bytes, container_swap_usage_bytes,
// container_start_time_seconds, resource_scrape_error and the older scrape_error
// (kubernetes/pkg/kubelet/metrics/collectors/resource_metrics.go). Other families are skipped unread.
#pragma once

#include "storage/node_page.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace scraper {

// One of the families above: what its lines mean.
struct SampleFamily;
class PageRows;

// What is wrong with a line.
enum class Fault : std::uint8_t {
    none,
    no_metric,   // it begins with no name of a metric
    labels,      // the labels are malformed, or come twice
    names,       // namespace, pod and container are missing, or can be no names
    value,       // not a number, or below zero, infinite, NaN or beyond 64 bits
    time_stamp,  // not a positive whole number of milliseconds, the last thing of the line
    too_long,    // over PageLimits::line_bytes
    too_many,    // of one more container than PageLimits::containers
};
std::string_view words(Fault fault);

// The lines of a page that are not good lines of the families above: for an error when it has no figures.
struct Unread {
    // Bad lines of those families, and the first one.
    std::uint32_t bad = 0;
    Fault fault = Fault::none;
    std::string first_bad;
    // Lines of other families, or of no metric at all.
    std::uint32_t others = 0;
    std::string first_other;

    void clear();
};

struct PageLimits {
    // A longer line is skipped and counted as bad.
    std::size_t line_bytes = std::size_t{16} * 1024;
    // Containers of one page; lines of further ones are bad.
    std::size_t containers = 5'000;
};

// Fills one page from any split of its text. A malformed line is skipped and counted (page.bad_lines, which
// also makes the page incomplete); nothing here fails or throws on bad input. Bad are also:
//  - a value below zero, infinite, NaN or beyond 64 bits;
//  - a timestamp that is not positive or that Nanos cannot hold;
//  - a container's line that does not name container, namespace and pod once each, as names may be
//    (storage/names/name_limits.hpp).
// Lines without a timestamp get `requested_at`. Two lines for the same figure that differ make their row one
// that contradicts itself. Lines of the pause container and of a pod's own cgroup (container "POD" or "") are
// left out. Holds no more than one line of text, and allocates nothing once page and parser have held pages
// as large.
class PageParser {
  public:
    // `page` is cleared; it must outlive the parser, or its next restart.
    PageParser(storage::NodePage& page, storage::Nanos requested_at, PageLimits limits = {});
    ~PageParser();
    PageParser(const PageParser&) = delete;
    PageParser& operator=(const PageParser&) = delete;

    // Begins the next page, as if newly constructed, with the memory it has.
    void restart(storage::NodePage& page, storage::Nanos requested_at);

    void feed(std::string_view bytes);
    // The text ended. The last line may lack its newline.
    void finish();

    // What could not be read of the page so far.
    const Unread& unread() const { return unread_; }

  private:
    void hold(std::string_view part);
    void whole_line(std::string_view text);
    void line(std::string_view text);
    const SampleFamily* family_of(std::string_view text);
    Fault container_line(const SampleFamily& family, std::string_view text);
    Fault unexpected_container_line(const SampleFamily& family, std::string_view text);
    Fault set_figure(const SampleFamily& family, std::size_t index, storage::Reading reading);
    Fault node_or_page_line(const SampleFamily& family, std::string_view text);
    void bad_line(Fault fault, std::string_view text);
    void other_line(std::string_view text);

    storage::NodePage* page_;
    storage::Nanos requested_at_;
    PageLimits limits_;
    // The begun line of the piece before.
    std::string rest_;
    // The present line is too long: skip to its end.
    bool skipping_ = false;
    // The family of the last line that was read.
    const SampleFamily* family_ = nullptr;
    std::unique_ptr<PageRows> rows_;
    Unread unread_;
};

}  // namespace scraper
