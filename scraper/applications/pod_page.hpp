// SPDX-License-Identifier: Apache-2.0
// A page of a pod's own metrics, parsed as it arrives: what is in demand is told to a reading, all else is
// skipped unread.
//
// Formats: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format and
// https://prometheus.io/docs/specs/om/open_metrics_spec/. Names of metrics in quotes, within the braces, are
// not read. Timestamps, exemplars, _created and buckets: see the code.
#pragma once

#include "scraper/page/label_block.hpp"
#include "storage/applications/reading.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace scraper {

enum class PageFormat { prometheus, open_metrics };

// The format that a Content-Type names; anything else counts as Prometheus'.
PageFormat format_of(std::string_view content_type);

// A page is whole or it is none: a line that is in demand and cannot be read would make a sum of less than
// all.
class PodPageParser {
  public:
    static constexpr std::size_t kLineBytes = std::size_t{16} * 1024;

    // `into` must outlive it.
    explicit PodPageParser(storage::applications::Reading& into) : into_{into} {}

    // Before the first piece.
    void set_format(PageFormat format) { format_ = format; }
    // Its length is not told: where the connection ends in the middle of a line, the line is a part of one.
    void set_ends_with_connection() { ends_with_connection_ = true; }
    void feed(std::string_view bytes);
    // The text ended. What is wrong with it, for people; empty: it is whole.
    std::string finish();

  private:
    // Of the family that was declared last; samples are told by it and by how their names go on.
    enum class FamilyType { unknown, gauge, info, counter, histogram, gauge_histogram, summary };
    struct Told {
        bool counts = false;
        storage::applications::Type type = storage::applications::Type::untyped;
    };

    void hold(std::string_view part);
    void whole_line(std::string_view text);
    void line(std::string_view text);
    void comment(std::string_view text);
    void declare(std::string_view name, std::string_view type);
    bool is_of_family(std::string_view name) const;
    void tell_bare_family();
    bool read_sample(std::string_view name, std::string_view rest);
    bool read_time(std::string_view text, storage::Nanos& at) const;
    bool is_wanted(std::string_view name);
    Told told_of(std::string_view name) const;
    void bad(std::string_view name, std::string_view why);

    storage::applications::Reading& into_;
    PageFormat format_ = PageFormat::prometheus;
    bool ends_with_connection_ = false;
    // The begun line of the piece before; and whether its rest is to be skipped.
    std::string rest_;
    bool skipping_ = false;
    std::string family_;
    FamilyType type_ = FamilyType::unknown;
    // No sample of it has come.
    bool is_bare_ = false;
    // The name of the last sample.
    std::string last_name_;
    bool last_is_wanted_ = false;
    bool ended_ = false;
    std::string fault_;
    WrittenLabels written_;
    storage::applications::LabelViews labels_;
    // What values are without their escapes.
    std::string unescaped_;
};

}  // namespace scraper
