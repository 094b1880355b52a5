// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/parameters.hpp"

#include "text/go_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

using storage::history::Seconds;
using text::ParseError;

constexpr std::size_t kMostRows = 2'000;
constexpr std::size_t kLongestSearch = 256;
constexpr std::size_t kLongestName = 512;

constexpr std::string_view kOrders[] = {"asc", "desc"};
constexpr std::string_view kFlags[] = {"0", "1"};
constexpr std::string_view kRanges[] = {"900", "3600", "21600", "86400"};
constexpr Seconds kRangeSeconds[] = {900, 3600, 21600, 86400};
constexpr std::uint64_t kLongestRange = 366 * 86400;
// What a clock may show.
constexpr std::uint64_t kLastSecond = 253402300799;

ParseError invalid(std::string_view name, const std::string& why) {
    return {"invalid parameter " + text::quoted(name) + ": " + why};
}

// Reads parameters one by one; the first that is wrong is told.
class Reader {
  public:
    explicit Reader(const Query& query) : query_{query} {}

    // Its place among the words, as T counts them.
    template <class T>
    void word(std::string_view name, std::span<const std::string_view> words, T& out) {
        const auto value = query_.find(name);
        if (!value || error_) return;
        const auto found = std::find(words.begin(), words.end(), *value);
        if (found != words.end()) {
            out = static_cast<T>(found - words.begin());
            return;
        }
        std::string all;
        for (const std::string_view each : words) all.append(all.empty() ? "" : ", ").append(each);
        error_ = invalid(name, "not one of " + all);
    }

    template <class T>
    void number(std::string_view name, std::uint64_t most, T& out) {
        const auto value = query_.find(name);
        if (!value || error_) return;
        std::uint64_t number = 0;
        const char* const end = value->data() + value->size();
        const auto read = std::from_chars(value->data(), end, number);
        if (read.ec != std::errc{} || read.ptr != end || number > most)
            error_ = invalid(name, "not a whole number from 0 to " + std::to_string(most));
        else
            out = static_cast<T>(number);
    }

    void text(std::string_view name, std::string_view& out, std::size_t most = kLongestName) {
        const auto value = query_.find(name);
        if (!value || error_) return;
        if (value->size() > most)
            error_ = invalid(name, "longer than " + std::to_string(most) + " bytes");
        else
            out = *value;
    }

    // It must be there.
    void need(std::string_view name) {
        if (query_.get(name).empty()) fail({"missing parameter " + text::quoted(name)});
    }

    void fail(ParseError error) {
        if (!error_) error_ = std::move(error);
    }
    const std::optional<ParseError>& error() const { return error_; }

  private:
    const Query& query_;
    std::optional<ParseError> error_;
};

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text) {
        if (c == ' ') {
            if (!word.empty()) words.push_back(std::exchange(word, {}));
            continue;
        }
        word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

}  // namespace

text::Parsed<RowsRequest> read_rows_request(const Query& query) {
    Reader reader{query};
    RowsRequest out;
    reader.need("kind");
    reader.word("kind", kKindNames, out.kind);
    reader.text("namespace", out.name_space);
    reader.text("node", out.node);
    reader.text("workload", out.workload);
    reader.text("pod", out.pod);
    std::string_view search;
    reader.text("search", search, kLongestSearch);
    out.words = words_of(search);
    reader.word("sort", kSortNames, out.sort);
    out.descending = !is_by_text(out.sort);
    reader.word("order", kOrders, out.descending);
    reader.number("offset", UINT32_MAX, out.offset);
    reader.number("limit", kMostRows, out.limit);
    std::size_t range = 1;
    reader.word("range", kRanges, range);
    out.range = kRangeSeconds[range];
    reader.word("curves", kFlags, out.curves);
    if (reader.error()) return *reader.error();
    return out;
}

text::Parsed<SeriesRequest> read_series_request(const Query& query) {
    Reader reader{query};
    SeriesRequest out;
    reader.need("kind");
    reader.word("kind", kSeriesNames, out.of);
    const bool in_namespace =
        out.of == SeriesOf::workload || out.of == SeriesOf::pod || out.of == SeriesOf::container;
    if (in_namespace) reader.need("namespace");
    if (out.of == SeriesOf::container) reader.need("pod");
    if (out.of != SeriesOf::cluster) reader.need("name");
    reader.text("namespace", out.name_space);
    reader.text("pod", out.pod);
    reader.text("name", out.name);
    reader.number("from", kLastSecond, out.from);
    reader.number("to", kLastSecond, out.to);
    reader.number("range", kLongestRange, out.range);
    reader.word("parts", kFlags, out.parts);
    if (out.to != 0 && out.from > out.to) reader.fail(invalid("from", "it is after \"to\""));
    if (reader.error()) return *reader.error();
    return out;
}

}  // namespace apiserver
