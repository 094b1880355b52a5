// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/parameters.hpp"

#include "text/go_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace apiserver {
namespace {

using storage::history::Seconds;
using text::ParseError;

template <class T>
struct Word {
    std::string_view text;
    T value;
};

constexpr Word<Kind> kKindWords[] = {{"node", Kind::node},
                                     {"namespace", Kind::name_space},
                                     {"workload", Kind::workload},
                                     {"pod", Kind::pod},
                                     {"container", Kind::container}};
constexpr Word<SeriesOf> kSeriesWords[] = {
    {"cluster", SeriesOf::cluster}, {"namespace", SeriesOf::name_space},
    {"node", SeriesOf::node},       {"workload", SeriesOf::workload},
    {"pod", SeriesOf::pod},         {"container", SeriesOf::container}};
constexpr Word<SortBy> kSortWords[] = {{"name", SortBy::name},
                                       {"namespace", SortBy::name_space},
                                       {"node", SortBy::node},
                                       {"cpu", SortBy::cpu},
                                       {"memory", SortBy::memory},
                                       {"cpuShare", SortBy::cpu_share},
                                       {"memoryShare", SortBy::memory_share},
                                       {"restarts", SortBy::restarts},
                                       {"pods", SortBy::pods},
                                       {"age", SortBy::age}};
constexpr Word<bool> kOrderWords[] = {{"asc", false}, {"desc", true}};
constexpr Word<bool> kFlagWords[] = {{"0", false}, {"1", true}};
constexpr Word<Seconds> kRangeWords[] = {{"900", 900}, {"3600", 3600}, {"21600", 21600}, {"86400", 86400}};
constexpr std::uint64_t kLongestRange = 366 * 86400;
// What a clock may show.
constexpr std::uint64_t kLastSecond = 253402300799;

ParseError invalid(std::string_view name, const std::string& why) {
    return {"invalid parameter " + text::quoted(name) + ": " + why};
}

ParseError missing(std::string_view name) {
    return {"missing parameter " + text::quoted(name)};
}

// Reads parameters one by one; the first that is wrong is told.
class Reader {
  public:
    explicit Reader(const Query& query) : query_{query} {}

    template <class T, std::size_t N>
    void word(std::string_view name, const Word<T> (&words)[N], T& out) {
        const auto value = query_.find(name);
        if (!value || error_) return;
        for (const Word<T>& each : words) {
            if (each.text != *value) continue;
            out = each.value;
            return;
        }
        std::string all;
        for (const Word<T>& each : words) all.append(all.empty() ? "" : ", ").append(each.text);
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

    // Whether it is there; if not, that is the error.
    bool need(std::string_view name) {
        if (!error_ && query_.get(name).empty()) error_ = missing(name);
        return !error_;
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

bool is_of_names(SortBy sort) {
    return sort == SortBy::name || sort == SortBy::name_space || sort == SortBy::node;
}

}  // namespace

text::Parsed<RowsRequest> read_rows_request(const Query& query) {
    Reader reader{query};
    RowsRequest out;
    reader.need("kind");
    reader.word("kind", kKindWords, out.kind);
    reader.text("namespace", out.name_space);
    reader.text("node", out.node);
    reader.text("workload", out.workload);
    reader.text("pod", out.pod);
    std::string_view search;
    reader.text("search", search, kLongestSearch);
    out.words = words_of(search);
    reader.word("sort", kSortWords, out.sort);
    out.descending = !is_of_names(out.sort);
    reader.word("order", kOrderWords, out.descending);
    reader.number("offset", UINT32_MAX, out.offset);
    reader.number("limit", kMostRows, out.limit);
    reader.word("range", kRangeWords, out.range);
    reader.word("curves", kFlagWords, out.curves);
    if (reader.error()) return *reader.error();
    return out;
}

text::Parsed<SeriesRequest> read_series_request(const Query& query) {
    Reader reader{query};
    SeriesRequest out;
    reader.need("kind");
    reader.word("kind", kSeriesWords, out.of);
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
    reader.word("parts", kFlagWords, out.parts);
    if (out.to != 0 && out.from > out.to) reader.fail(invalid("from", "it is after \"to\""));
    if (reader.error()) return *reader.error();
    return out;
}

}  // namespace apiserver
