// SPDX-License-Identifier: Apache-2.0
#include "apiserver/prometheus/answer_parts.hpp"

#include "apiserver/encode/json_object.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "query/language/number.hpp"
#include "text/go_text.hpp"

#include <utility>

namespace apiserver {
namespace {

using query::Millis;
using query::ResultType;

// Seconds, with three decimals where they are not whole.
void append_seconds(std::string& out, Millis time) {
    if (time < 0) out += '-';
    const auto millis = static_cast<std::uint64_t>(time < 0 ? -time : time);
    append_number(out, millis / 1000);
    const auto rest = static_cast<unsigned>(millis % 1000);
    if (rest == 0) return;
    out += '.';
    for (unsigned unit = 100; unit > 0; unit /= 10) out += static_cast<char>('0' + rest / unit % 10);
}

// [4,"2"]
void append_point(std::string& out, const query::Sample& point) {
    out += '[';
    append_seconds(out, point.at);
    out += ",\"";
    query::append_value(out, point.value);
    out += "\"]";
}

void append_label_object(std::string& out, const query::Labels& labels) {
    out += '{';
    for (std::size_t i = 0; i < labels.size(); ++i)
        text::append_json_string(member(out, labels[i].name), labels[i].value);
    out += '}';
}

// What is around the data, which a part at a time is written of.
class EnvelopeParts : public Parts {
  public:
    EnvelopeParts(Warnings warnings, ByteBudget::Lease lease)
        : warnings_{std::move(warnings)}, lease_{std::move(lease)} {}

    bool advance(std::string& out) final {
        const std::size_t enough = out.size() + kPieceBytes;
        if (!std::exchange(begun_, true)) {
            out += "{\"status\":\"success\",\"data\":";
            begin(out);
        }
        if (!write(out, enough)) return true;
        end(out);
        std::string_view before = ",\"warnings\":[";
        for (const std::string_view warning : warnings_) {
            text::append_json_string(out.append(before), warning);
            before = ",";
        }
        out += warnings_.empty() ? "}" : "]}";
        return false;
    }

  private:
    virtual void begin(std::string& out) = 0;
    // Stops where `out` has enough. True: that was all.
    virtual bool write(std::string& out, std::size_t enough) = 0;
    virtual void end(std::string& out) = 0;

    Warnings warnings_;
    ByteBudget::Lease lease_;
    bool begun_ = false;
};

class QueryParts final : public EnvelopeParts {
  public:
    QueryParts(query::Answer answer, Warnings warnings, ByteBudget::Lease lease)
        : EnvelopeParts{std::move(warnings), std::move(lease)}, answer_{std::move(answer)} {}

  private:
    void begin(std::string& out) override {
        out.append("{\"resultType\":\"").append(query::name_of(answer_.type)).append("\",\"result\":[");
    }

    bool write(std::string& out, std::size_t enough) override {
        switch (answer_.type) {
            case ResultType::string:
                append_seconds(out, answer_.steps.start);
                text::append_json_string(out += ',', answer_.text);
                return true;
            case ResultType::scalar:
                append_seconds(out, answer_.steps.start);
                query::append_value(out += ",\"", answer_.rows.at(0).values.at(0));
                out += '"';
                return true;
            case ResultType::vector:
                return write_vector(out, enough);
            case ResultType::matrix:
                return answer_.raw.empty() ? write_matrix(out, enough, answer_.rows)
                                           : write_matrix(out, enough, answer_.raw);
        }
        return true;
    }

    void end(std::string& out) override { out += "]}"; }

    bool write_vector(std::string& out, std::size_t enough) {
        for (; series_ < answer_.rows.size() && out.size() < enough; ++series_) {
            const query::Row row = std::move(answer_.rows[series_]);
            begin_series(out, row.labels);
            out += "\"value\":";
            append_point(out, {answer_.steps.start, row.values.at(0)});
            out += '}';
        }
        return series_ == answer_.rows.size();
    }

    template <class Series>
    bool write_matrix(std::string& out, std::size_t enough, std::vector<Series>& all) {
        for (; series_ < all.size(); ++series_, index_ = 0, points_ = 0) {
            if (out.size() >= enough) return false;
            if (!std::exchange(series_open_, true)) {
                begin_series(out, all[series_].labels);
                out += "\"values\":[";
            }
            if (!write_points(out, enough, all[series_])) return false;
            out += "]}";
            series_open_ = false;
            all[series_] = Series{};
        }
        return true;
    }

    bool write_points(std::string& out, std::size_t enough, const query::Row& row) {
        for (; index_ < row.values.size(); ++index_) {
            if (query::is_absent(row.values[index_])) continue;
            if (out.size() >= enough) return false;
            write_point(out, {answer_.steps.at(index_), row.values[index_]});
        }
        return true;
    }
    bool write_points(std::string& out, std::size_t enough, const query::RawSeries& series) {
        for (; index_ < series.samples.size(); ++index_) {
            if (out.size() >= enough) return false;
            write_point(out, series.samples[index_]);
        }
        return true;
    }
    void write_point(std::string& out, const query::Sample& point) {
        if (points_++ > 0) out += ',';
        append_point(out, point);
    }

    void begin_series(std::string& out, const query::Labels& labels) {
        out += series_ > 0 ? ",{\"metric\":" : "{\"metric\":";
        append_label_object(out, labels);
        out += ',';
    }

    query::Answer answer_;
    // The series at hand; its next step or sample, and how many points of it are written.
    std::size_t series_ = 0;
    bool series_open_ = false;
    std::size_t index_ = 0;
    std::size_t points_ = 0;
};

void append_entry(std::string& out, const query::Labels& labels) {
    append_label_object(out, labels);
}
void append_entry(std::string& out, const std::string& text) {
    text::append_json_string(out, text);
}

// A list of what is in a set.
template <class Set>
class ListingParts final : public EnvelopeParts {
  public:
    ListingParts(Set entries, Warnings warnings, ByteBudget::Lease lease)
        : EnvelopeParts{std::move(warnings), std::move(lease)}, entries_{std::move(entries)} {}

  private:
    void begin(std::string& out) override { out += '['; }
    bool write(std::string& out, std::size_t enough) override {
        while (!entries_.empty() && out.size() < enough) {
            const auto entry = entries_.extract(entries_.begin());
            if (std::exchange(some_, true)) out += ',';
            append_entry(out, entry.value());
        }
        return entries_.empty();
    }
    void end(std::string& out) override { out += ']'; }

    Set entries_;
    bool some_ = false;
};

}  // namespace

std::unique_ptr<Parts> query_parts(query::Answer answer, Warnings warnings, ByteBudget::Lease lease) {
    return std::make_unique<QueryParts>(std::move(answer), std::move(warnings), std::move(lease));
}

std::unique_ptr<Parts> series_parts(std::set<query::Labels> series, Warnings warnings,
                                    ByteBudget::Lease lease) {
    return std::make_unique<ListingParts<std::set<query::Labels>>>(std::move(series), std::move(warnings),
                                                                   std::move(lease));
}

std::unique_ptr<Parts> texts_parts(std::set<std::string, std::less<>> texts, Warnings warnings,
                                   ByteBudget::Lease lease) {
    return std::make_unique<ListingParts<std::set<std::string, std::less<>>>>(
        std::move(texts), std::move(warnings), std::move(lease));
}

}  // namespace apiserver
