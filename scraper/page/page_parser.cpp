// SPDX-License-Identifier: Apache-2.0
#include "scraper/page/page_parser.hpp"

#include "scraper/page/label_block.hpp"
#include "scraper/page/number.hpp"
#include "scraper/page/page_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace scraper {

enum class Subject { container, node, page };

struct SampleFamily {
    std::string_view name;
    Subject subject;
    unsigned scale;
    // nullptr: the container's start, or the page's error.
    std::optional<storage::Reading> storage::PageRow::*figure;
};

namespace {

using storage::NodePage;
using storage::PageRow;
using storage::Reading;

constexpr std::uint64_t kMaxNanos = std::numeric_limits<storage::Nanos>::max();
constexpr storage::Nanos kNanosPerMilli = 1'000'000;

// Scales of values: how many of their decimal places count.
constexpr unsigned kBytes = 0;
constexpr unsigned kNanoseconds = 9;

constexpr SampleFamily kFamilies[] = {
    {"container_cpu_usage_seconds_total", Subject::container, kNanoseconds, &PageRow::cpu},
    {"container_memory_working_set_bytes", Subject::container, kBytes, &PageRow::memory},
    {"container_start_time_seconds", Subject::container, kNanoseconds, nullptr},
    {"container_swap_usage_bytes", Subject::container, kBytes, &PageRow::swap},
    {"node_cpu_usage_seconds_total", Subject::node, kNanoseconds, &PageRow::cpu},
    {"node_memory_working_set_bytes", Subject::node, kBytes, &PageRow::memory},
    {"node_swap_usage_bytes", Subject::node, kBytes, &PageRow::swap},
    {"resource_scrape_error", Subject::page, kNanoseconds, nullptr},
    {"scrape_error", Subject::page, kNanoseconds, nullptr},
};

// Of the families above. Tells most others at once.
constexpr std::string_view kFirstLetters = "cnrs";

bool blank(char c) {
    return c == ' ' || c == '\t';
}

void skip_blanks(std::string_view& text) {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
}

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

// A second line for the same: zeros, of a predecessor that ended, say nothing beside a figure; an older start
// is such a one's; all else contradicts.
void put_figure(const SampleFamily& family, PageRow& row, const Reading& reading) {
    if (family.figure == nullptr) {
        row.started = std::max(row.started, static_cast<storage::Nanos>(reading.value));
        return;
    }
    std::optional<Reading>& figure = row.*family.figure;
    if (figure && figure->value != 0 && reading.value == 0) return;
    if (figure && figure->value != 0 && (figure->value != reading.value || figure->at != reading.at))
        row.twice = true;
    figure = reading;
}

// " value [milliseconds]", all that stands behind a series.
Fault read_reading(std::string_view text, unsigned scale, storage::Nanos requested_at, Reading& into) {
    skip_blanks(text);
    const auto value = take_decimal(text, scale);
    if (!value || (!text.empty() && !blank(text.front()))) return Fault::value;
    into = {*value, requested_at};
    skip_blanks(text);
    if (text.empty()) return Fault::none;

    const auto millis = take_integer(text);
    skip_blanks(text);
    if (!millis || !text.empty()) return Fault::time_stamp;
    if (*millis == 0 || *millis > kMaxNanos / kNanosPerMilli) return Fault::time_stamp;
    into.at = static_cast<storage::Nanos>(*millis) * kNanosPerMilli;
    return Fault::none;
}

// A start must be a time.
bool is_possible(const SampleFamily& family, const Reading& reading) {
    return family.figure != nullptr || reading.value <= kMaxNanos;
}

// Of a line that is kept to be shown.
constexpr std::size_t kShownBytes = 200;

}  // namespace

std::string_view words(Fault fault) {
    switch (fault) {
        case Fault::none:
            return "nothing is wrong";
        case Fault::no_metric:
            return "it begins with no name of a metric";
        case Fault::labels:
            return "its labels are malformed, or come twice, or are names that Kubernetes does not give";
        case Fault::names:
            return "it names no namespace, pod and container";
        case Fault::value:
            return "its value is no number that can be: it is missing, negative, infinite, NaN or over 64 "
                   "bits";
        case Fault::time_stamp:
            return "its time stamp is not a positive whole number of milliseconds";
        case Fault::too_long:
            return "it is too long";
        case Fault::too_many:
            return "it is of one container too many";
    }
    return "";
}

void Unread::clear() {
    bad = others = 0;
    fault = Fault::none;
}

PageParser::PageParser(NodePage& page, storage::Nanos requested_at, PageLimits limits)
    : limits_{limits}, rows_{std::make_unique<PageRows>()} {
    restart(page, requested_at);
}

PageParser::~PageParser() = default;

void PageParser::restart(NodePage& page, storage::Nanos requested_at) {
    page_ = &page;
    page.clear();
    requested_at_ = requested_at;
    rest_.clear();
    skipping_ = false;
    family_ = nullptr;
    rows_->clear(page.containers.capacity());
    unread_.clear();
}

void PageParser::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        if (end == bytes.npos) return hold(bytes);
        whole_line(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
    }
}

void PageParser::finish() {
    whole_line({});
}

void PageParser::hold(std::string_view part) {
    if (skipping_) return;
    if (rest_.size() + part.size() <= limits_.line_bytes) {
        rest_ += part;
        return;
    }
    rest_.append(part.substr(0, kShownBytes));
    std::string_view begin = rest_;
    skip_blanks(begin);
    const bool is_ours = !begin.empty() && family_of(begin) != nullptr;
    if (!is_ours) other_line(begin);
    bad_line(is_ours ? Fault::too_long : Fault::no_metric, begin);
    rest_.clear();
    skipping_ = true;
}

// `text` ends a line, whose begin may be held.
void PageParser::whole_line(std::string_view text) {
    if (rest_.empty() && !skipping_ && text.size() <= limits_.line_bytes) return line(text);
    hold(text);
    if (!skipping_) line(rest_);
    rest_.clear();
    skipping_ = false;
}

void PageParser::line(std::string_view text) {
    if (text.ends_with('\r')) text.remove_suffix(1);
    skip_blanks(text);
    if (text.empty() || text.front() == '#') return;
    const SampleFamily* const family = family_of(text);
    if (family == nullptr) {
        other_line(text);
        // Another family. A name in quotes stands within the braces.
        if (!begins_name(text.front()) && text.front() != '{') bad_line(Fault::no_metric, text);
        return;
    }
    std::string_view series = text.substr(family->name.size());
    skip_blanks(series);
    const Fault fault = family->subject == Subject::container ? container_line(*family, series)
                                                              : node_or_page_line(*family, series);
    if (fault != Fault::none) bad_line(fault, text);
}

const SampleFamily* PageParser::family_of(std::string_view text) {
    const auto named = [text](const SampleFamily& family) {
        const std::string_view name = family.name;
        if (text.front() != name.front() || !text.starts_with(name)) return false;
        return text.size() == name.size() || text[name.size()] == '{' || blank(text[name.size()]);
    };
    if (family_ != nullptr && named(*family_)) return family_;
    if (kFirstLetters.find(text.front()) == kFirstLetters.npos) return nullptr;
    for (const SampleFamily& family : kFamilies) {
        if (!named(family)) continue;
        family_ = &family;
        rows_->rewind();
        return family_;
    }
    return nullptr;
}

Fault PageParser::container_line(const SampleFamily& family, std::string_view text) {
    const std::string_view block = rows_->expected_block(text);
    if (block.empty()) return unexpected_container_line(family, text);
    Reading reading;
    const Fault fault = read_reading(text.substr(block.size()), family.scale, requested_at_, reading);
    return fault != Fault::none ? fault : set_figure(family, rows_->expected_row(), reading);
}

// Not of the row after the last one.
Fault PageParser::unexpected_container_line(const SampleFamily& family, std::string_view text) {
    const auto labels = read_label_block(text);
    if (!labels) return Fault::labels;
    if (!labels->name_space || !labels->pod || !labels->container) return Fault::names;
    Reading reading;
    const Fault fault = read_reading(text.substr(labels->length), family.scale, requested_at_, reading);
    if (fault != Fault::none) return fault;
    if (!is_possible(family, reading)) return Fault::value;
    if (labels->container->empty() || *labels->container == "POD") return Fault::none;
    if (labels->name_space->empty() || labels->pod->empty()) return Fault::names;
    const ContainerKey key{*labels->container, *labels->name_space, *labels->pod};
    const auto row = rows_->find_or_add(key, text.substr(0, labels->length), *page_, limits_.containers);
    return row ? set_figure(family, *row, reading) : Fault::too_many;
}

Fault PageParser::set_figure(const SampleFamily& family, std::size_t index, storage::Reading reading) {
    if (!is_possible(family, reading)) return Fault::value;
    rows_->pass(index);
    put_figure(family, page_->containers[index], reading);
    return Fault::none;
}

Fault PageParser::node_or_page_line(const SampleFamily& family, std::string_view text) {
    if (text.starts_with('{')) {
        const auto labels = read_label_block(text);
        if (!labels) return Fault::labels;
        text.remove_prefix(labels->length);
    }
    Reading reading;
    const Fault fault = read_reading(text, family.scale, requested_at_, reading);
    if (fault != Fault::none) return fault;
    if (family.subject == Subject::node) {
        put_figure(family, page_->node, reading);
    } else if (reading.value != 0) {
        page_->complete = false;
    }
    return Fault::none;
}

void PageParser::bad_line(Fault fault, std::string_view text) {
    ++page_->bad_lines;
    page_->complete = false;
    if (fault == Fault::no_metric || unread_.bad++ > 0) return;
    unread_.fault = fault;
    unread_.first_bad.assign(text.substr(0, kShownBytes));
}

void PageParser::other_line(std::string_view text) {
    if (unread_.others++ == 0) unread_.first_other.assign(text.substr(0, kShownBytes));
}

}  // namespace scraper
