// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/pod_page.hpp"

#include "scraper/kubelet/failure.hpp"
#include "scraper/page/number.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace scraper {
namespace {

using storage::applications::Type;

bool blank(char c) {
    return c == ' ' || c == '\t';
}

void skip_blanks(std::string_view& text) {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
}

// Up to the next blank, or '{'.
std::string_view take_name(std::string_view& text) {
    std::size_t end = 0;
    while (end < text.size() && !blank(text[end]) && text[end] != '{') ++end;
    const std::string_view name = text.substr(0, end);
    text.remove_prefix(end);
    return name;
}

std::string_view take_word(std::string_view& text) {
    skip_blanks(text);
    std::size_t end = 0;
    while (end < text.size() && !blank(text[end])) ++end;
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

void append_unescaped(std::string& out, std::string_view written) {
    for (std::size_t at = 0; at < written.size(); ++at) {
        if (written[at] != '\\' || at + 1 == written.size()) {
            out += written[at];
            continue;
        }
        ++at;
        out += written[at] == 'n' ? '\n' : written[at];
    }
}

}  // namespace

PageFormat format_of(std::string_view content_type) {
    return content_type.starts_with("application/openmetrics-text") ? PageFormat::open_metrics
                                                                    : PageFormat::prometheus;
}

void PodPageParser::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        if (end == bytes.npos) return hold(bytes);
        whole_line(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
    }
}

std::string PodPageParser::finish() {
    const bool is_cut = ends_with_connection_ && (!rest_.empty() || skipping_);
    if (fault_.empty() && is_cut) fault_ = "its page was cut short: its last line has no end";
    if (!rest_.empty()) whole_line({});
    tell_bare_family();
    if (fault_.empty() && format_ == PageFormat::open_metrics && !ended_)
        fault_ = "its page was cut short: it does not end with # EOF";
    return std::move(fault_);
}

void PodPageParser::hold(std::string_view part) {
    if (skipping_) return;
    if (rest_.size() + part.size() <= kLineBytes) {
        rest_ += part;
        return;
    }
    rest_.append(part.substr(0, kLineBytes - rest_.size()));
    std::string_view begin = rest_;
    skip_blanks(begin);
    const std::string_view name = take_name(begin);
    if (!name.starts_with('#') && is_wanted(name)) bad(name, "is too long");
    rest_.clear();
    skipping_ = true;
}

// `text` ends a line, whose begin may be held.
void PodPageParser::whole_line(std::string_view text) {
    if (rest_.empty() && !skipping_ && text.size() <= kLineBytes) return line(text);
    hold(text);
    if (!skipping_) line(rest_);
    rest_.clear();
    skipping_ = false;
}

void PodPageParser::line(std::string_view text) {
    if (!fault_.empty()) return;
    if (text.ends_with('\r')) text.remove_suffix(1);
    skip_blanks(text);
    if (text.empty()) return;
    if (ended_) {
        fault_ = "its page goes on behind # EOF";
        return;
    }
    if (text.front() == '#') return comment(text.substr(1));
    std::string_view rest = text;
    const std::string_view name = take_name(rest);
    if (is_bare_ && is_of_family(name)) is_bare_ = false;
    if (is_wanted(name) && !read_sample(name, rest)) bad(name, "cannot be read");
}

void PodPageParser::comment(std::string_view text) {
    const std::string_view keyword = take_word(text);
    if (keyword == "EOF" && format_ == PageFormat::open_metrics) ended_ = true;
    if (keyword != "TYPE") return;
    const std::string_view name = take_word(text);
    declare(name, take_word(text));
}

void PodPageParser::declare(std::string_view name, std::string_view type) {
    static constexpr std::pair<std::string_view, FamilyType> kTypes[] = {
        {"counter", FamilyType::counter},
        {"gauge", FamilyType::gauge},
        {"gaugehistogram", FamilyType::gauge_histogram},
        {"histogram", FamilyType::histogram},
        {"info", FamilyType::info},
        {"stateset", FamilyType::gauge},
        {"summary", FamilyType::summary},
    };
    tell_bare_family();
    family_ = name;
    is_bare_ = true;
    type_ = FamilyType::unknown;
    for (const auto& [word, known] : kTypes)
        if (word == type) type_ = known;
}

bool PodPageParser::is_of_family(std::string_view name) const {
    static constexpr std::string_view kSuffixes[] = {"", "_total", "_bucket", "_count", "_sum", "_created"};
    if (!name.starts_with(family_)) return false;
    const std::string_view suffix = name.substr(family_.size());
    return std::find(std::begin(kSuffixes), std::end(kSuffixes), suffix) != std::end(kSuffixes);
}

// A family of counters that was declared and has no sample yet is at 0. With samples it has what they say: a
// summary need have no sum.
void PodPageParser::tell_bare_family() {
    if (!std::exchange(is_bare_, false)) return;
    const auto declare_counter = [this](std::string_view suffix) {
        into_.declare_counter(std::string{family_}.append(suffix));
    };
    if (type_ == FamilyType::counter) {
        declare_counter("");
        declare_counter("_total");
    }
    if (type_ == FamilyType::histogram || type_ == FamilyType::summary) {
        declare_counter("_count");
        declare_counter("_sum");
    }
}

bool PodPageParser::is_wanted(std::string_view name) {
    if (name != last_name_) {
        last_name_ = name;
        last_is_wanted_ = into_.wants(name);
    }
    return last_is_wanted_;
}

// What the sample is; without `counts` it is none of ours: the time when a counter began, a bucket.
PodPageParser::Told PodPageParser::told_of(std::string_view name) const {
    constexpr Told kNone;
    constexpr Told kUntyped{true, Type::untyped};
    if (!name.starts_with(family_)) return kUntyped;
    const std::string_view suffix = name.substr(family_.size());
    const bool is_plain = suffix.empty();
    switch (type_) {
        case FamilyType::unknown:
            return kUntyped;
        case FamilyType::gauge:
            return {true, is_plain ? Type::gauge : Type::untyped};
        case FamilyType::info:
            return {true, is_plain || suffix == "_info" ? Type::gauge : Type::untyped};
        case FamilyType::counter:
            if (suffix == "_created") return kNone;
            return {true, is_plain || suffix == "_total" ? Type::counter : Type::untyped};
        case FamilyType::gauge_histogram:
            if (suffix == "_bucket" || suffix == "_created") return kNone;
            return {true, suffix == "_gcount" || suffix == "_gsum" ? Type::gauge : Type::untyped};
        case FamilyType::histogram:
        case FamilyType::summary:
            if (suffix == "_bucket" || suffix == "_created") return kNone;
            if (suffix == "_count" || suffix == "_sum") return {true, Type::counter};
            return {true, is_plain && type_ == FamilyType::summary ? Type::quantile : Type::untyped};
    }
    return kUntyped;
}

// "{labels} value [time]", all that stands behind the name.
bool PodPageParser::read_sample(std::string_view name, std::string_view rest) {
    skip_blanks(rest);
    written_.clear();
    if (rest.starts_with('{')) {
        const auto length = read_labels(rest, written_);
        if (!length) return false;
        rest.remove_prefix(*length);
    }
    skip_blanks(rest);
    const auto value = take_double(rest);
    if (!value || (!rest.empty() && !blank(rest.front()))) return false;
    storage::Nanos at = 0;
    if (!read_time(rest, at)) return false;
    const Told told = told_of(name);
    if (!told.counts) return true;

    // Views into it: it must not grow once they are taken.
    std::size_t bytes = 0;
    for (const auto& label : written_) bytes += label.second.size();
    unescaped_.clear();
    unescaped_.reserve(bytes);
    labels_.clear();
    for (const auto& [label, written] : written_) {
        std::string_view plain = written;
        if (written.find('\\') != written.npos) {
            const std::size_t begin = unescaped_.size();
            append_unescaped(unescaped_, written);
            plain = std::string_view{unescaped_}.substr(begin);
        }
        labels_.emplace_back(label, plain);
    }
    into_.sample({name, told.type, labels_, *value, at});
    return true;
}

// Prometheus: whole milliseconds. OpenMetrics: seconds, and perhaps an exemplar behind a '#'.
bool PodPageParser::read_time(std::string_view text, storage::Nanos& at) const {
    skip_blanks(text);
    const bool is_open = format_ == PageFormat::open_metrics;
    if (text.empty() || (is_open && text.front() == '#')) return true;
    const auto number = take_double(text);
    if (!number || !std::isfinite(*number)) return false;
    if (!is_open && std::floor(*number) != *number) return false;
    if (!text.empty() && !blank(text.front())) return false;
    skip_blanks(text);
    if (!text.empty() && !(is_open && text.front() == '#')) return false;
    // About 290 years.
    constexpr double kMost = 9.2e18;
    const double nanos = *number * (is_open ? 1e9 : 1e6);
    if (std::abs(nanos) > kMost) return false;
    // 1970 is a time as well, and as old as any.
    at = nanos < 1 ? 1 : static_cast<storage::Nanos>(nanos);
    return true;
}

// Nothing of the page is shown but the name, which who asks knows: the address may be another's.
void PodPageParser::bad(std::string_view name, std::string_view why) {
    if (fault_.empty())
        fault_ = std::string{"a line of "}.append(printable_line(name)).append(" on its page ").append(why);
}

}  // namespace scraper
