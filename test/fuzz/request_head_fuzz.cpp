// SPDX-License-Identifier: Apache-2.0
// Any bytes are a request, the beginning of one or refused: the same whatever pieces they come in, within the
// limits, and what a reader says that knows nothing but lines and colons.
#include "net/http/reader.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kHead = 512;
constexpr std::size_t kBody = 64;
using Fields = std::vector<std::pair<std::string, std::string>>;

// All that there is to know of what a reader made of the bytes.
struct Outcome {
    std::string error;
    bool head_done = false;
    bool done = false;
    bool keep_alive = false;
    bool expects_continue = false;
    std::size_t used = 0;
    net::Request request;

    // Where whole bytes are refused, pieces may leave the reader waiting: it looks for the end of a head or
    // of a chunk's line first. Of a body that has not ended pieces may give less.
    bool agrees_with(const Outcome& other) const {
        if (!done && !other.done && (!error.empty() || !other.error.empty())) return true;
        const bool same_body =
            done ? request.body == other.request.body : other.request.body.starts_with(request.body);
        return error == other.error && head_done == other.head_done && done == other.done &&
               keep_alive == other.keep_alive && expects_continue == other.expects_continue &&
               (!done || used == other.used) && request.method == other.request.method &&
               request.target == other.request.target && request.version == other.request.version &&
               std::equal(request.headers.begin(), request.headers.end(), other.request.headers.begin(),
                          other.request.headers.end()) &&
               same_body;
    }
};

// As a connection does it: what was not used is offered again, followed by more.
Outcome read(std::string_view text, std::size_t piece) {
    net::RequestReader reader{kHead, kBody};
    Outcome outcome;
    std::string rest;
    while (!text.empty() && !reader.done() && outcome.error.empty()) {
        // Memory of its own: a view that is kept too long is found.
        rest += text.substr(0, piece);
        text.remove_prefix(std::min(piece, text.size()));
        while (!rest.empty() && !reader.done()) {
            const auto fed = reader.feed(std::string{rest});
            if (!fed) {
                outcome.error = fed.error().message();
                break;
            }
            require(*fed <= rest.size(), "no more is used than there is");
            if (*fed == 0) break;
            outcome.used += *fed;
            rest.erase(0, *fed);
        }
    }
    // What a refused request was like is nobody's business.
    if (!outcome.error.empty()) return outcome;
    outcome.head_done = reader.head_done();
    outcome.done = reader.done();
    if (!outcome.head_done) return outcome;
    outcome.keep_alive = reader.keep_alive();
    outcome.expects_continue = reader.expects_continue();
    outcome.request = reader.take();
    return outcome;
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(" \t") - first + 1)};
}

// A line of the head, without its end; lines that begin with a blank belong to the one before.
std::string take_line(std::string_view& head) {
    const std::size_t end = head.find("\r\n");
    std::string line{head.substr(0, end)};
    head.remove_prefix(std::min(end + 2, head.size()));
    return line;
}

Fields naive_fields(std::string_view head) {
    Fields fields;
    while (!head.empty()) {
        const std::string line = take_line(head);
        if ((line.starts_with(' ') || line.starts_with('\t')) && !fields.empty()) {
            std::string& value = fields.back().second;
            const std::string more = trimmed(line);
            if (!value.empty() && !more.empty()) value += ' ';
            value += more;
            continue;
        }
        const std::size_t colon = line.find(':');
        require(colon != line.npos, "each line of an accepted head has a colon");
        fields.emplace_back(line.substr(0, colon), trimmed(std::string_view{line}.substr(colon + 1)));
    }
    return fields;
}

std::optional<std::size_t> number(std::string_view text, int base) {
    std::size_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || stop == text.data()) return std::nullopt;
    return value;
}

// The body and how long it is on the wire. The text is known to hold a whole one.
std::pair<std::string, std::size_t> naive_chunks(std::string_view text) {
    std::string body;
    std::string_view rest = text;
    for (;;) {
        const auto size = number(take_line(rest), 16);
        require(size && *size <= rest.size(), "chunks have a length, and are whole");
        if (*size == 0) break;
        body += rest.substr(0, *size);
        rest.remove_prefix(*size);
        require(rest.starts_with("\r\n"), "chunks end with a line");
        rest.remove_prefix(2);
    }
    while (!take_line(rest).empty()) {
    }
    return {body, text.size() - rest.size()};
}

void check_text(const net::Request& request) {
    const auto has_control = [](std::string_view text) {
        return std::any_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == 0; });
    };
    require(!has_control(request.method) && !has_control(request.target), "a request line is one line");
    require(request.target.find(' ') == std::string::npos, "targets have no blanks");
    for (const auto& [name, value] : request.headers) {
        require(!name.empty() && name.find_first_of(" \t:") == std::string::npos, "names are tokens");
        require(!has_control(name) && !has_control(value), "fields are one line");
    }
}

void check_naively(std::string_view text, const Outcome& outcome) {
    const std::size_t head_size = text.find("\r\n\r\n");
    require(head_size != text.npos && head_size + 4 <= 2 * kHead, "heads are whole and bounded");
    std::string_view head = text.substr(0, head_size + 2);
    const std::string line = take_line(head);
    const net::Request& request = outcome.request;
    const std::string version = request.version == 11 ? "HTTP/1.1" : "HTTP/1.0";
    require(line == request.method + " " + request.target + " " + version, "the request line is as it came");
    require(naive_fields(head) == Fields(request.headers.begin(), request.headers.end()),
            "fields are as they came");

    const auto lengths = request.headers.all("Content-Length");
    const auto codings = request.headers.all("Transfer-Encoding");
    const bool chunked = codings.size() == 1 && net::equal_ignoring_case(codings[0], "chunked");
    // Other codings are not served.
    if (!codings.empty() && !chunked) return;
    require(lengths.empty() || !chunked, "a body has one length");
    for (const auto length : lengths) require(number(length, 10) == number(lengths[0], 10), "and only one");
    require(request.body.size() <= kBody, "bodies are bounded");
    if (!outcome.done) return;
    const std::string_view wire = text.substr(head_size + 4);
    std::pair<std::string, std::size_t> body{"", 0};
    if (chunked) body = naive_chunks(wire);
    if (!lengths.empty()) {
        const std::size_t size = number(lengths[0], 10).value_or(wire.size() + 1);
        require(size <= wire.size(), "bodies are whole");
        body = {std::string{wire.substr(0, size)}, size};
    }
    require(request.body == body.first, "the body is as it came");
    require(outcome.used == head_size + 4 + body.second, "what follows is not touched");
}

// The text as a value of a request that has nothing wrong with it.
void check_plain(std::string_view text) {
    std::string value{text.substr(0, 64)};
    std::erase_if(value, [](char c) { return c < 0x21 || c > 0x7e; });
    const std::string head = "GET /" + value + " HTTP/1.1\r\nHost: h\r\nX-Value: " + value + "\r\n\r\n";
    const Outcome outcome = read(head + "GET", head.size() + 3);
    require(outcome.done && outcome.used == head.size(), "a plain request is read whole");
    require(outcome.request.target == "/" + value, "its target is what was asked for");
    require(outcome.request.headers.find("x-value") == value, "its fields are what was sent");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    const Outcome whole = read(text, size + 1);
    const std::size_t piece = size == 0 ? 1 : 1 + data[size / 2] % 97;
    // Over the limit, and in what follows a head, pieces may be refused where whole bytes just pass.
    const std::size_t head = text.find("\r\n\r\n");
    if (head != text.npos && (head + 4 > kHead || size - head > kHead)) return 0;
    require(read(text, 1).agrees_with(whole), "bytes one by one");
    require(read(text, piece).agrees_with(whole), "pieces of one size");
    if (whole.head_done) {
        check_text(whole.request);
        check_naively(text, whole);
    }
    check_plain(text);
    return 0;
}
