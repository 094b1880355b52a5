// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/page_failure.hpp"

#include "scraper/kubelet/scrape.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

namespace scraper {
namespace {

// Of the body of an answer that is no page: read to the end up to this much.
constexpr std::uint64_t kMaxErrorBody = 64 * 1024;
constexpr unsigned kNotFound = 404;

bool has_figure(const storage::PageRow& row) {
    return row.cpu || row.memory;
}

std::string shown(std::string_view line) {
    constexpr std::size_t kMost = 120;
    std::string text = printable_line(line);
    if (text.size() > kMost) text.replace(kMost, text.npos, "...");
    return '"' + text + '"';
}

std::string of_type(const PageBody& body) {
    return body.type.empty() ? "without Content-Type" : "of Content-Type " + printable_line(body.type);
}

Failure failure(const net::Error& error, std::string detail) {
    Failure made;
    made.error = error;
    made.status = 200;
    made.detail = std::move(detail);
    return made;
}

std::string count_of(std::uint64_t number, const std::string& thing) {
    return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string about_bad_lines(const Unread& unread) {
    return count_of(unread.bad, "line") + " of resource metrics cannot be read; the first, " +
           shown(unread.first_bad) + ": " + std::string{words(unread.fault)};
}

std::string about_missing_figures(const storage::NodePage& rows) {
    if (!rows.complete) return "the kubelet says by resource_scrape_error that it could not get them";
    return "of " + count_of(rows.containers.size(), "container") + " it tells at most the start and the swap";
}

}  // namespace

net::Result<> take_said(PageBody& body, std::string_view piece) {
    body.said.append(piece.substr(0, 2 * Failure::kDetailBytes - body.said.size()));
    if (body.bytes > kMaxErrorBody) return net::make_error_code(net::Errc::refused_content);
    return {};
}

Failure no_page(const net::Error& error, const PageBody& body) {
    Failure made;
    made.error = error;
    made.status = body.status;
    if (body.status == 0) return made;
    made.error = body.status == kNotFound ? Errc::unsupported : Errc::http_status;
    made.detail = printable_line(body.said);
    return made;
}

Failure broken_page(const net::Error& error, const PageBody& body) {
    if (error == Errc::bad_encoding)
        return failure(error, "Content-Encoding: " + printable_line(body.encoding));
    if (error == net::Errc::body_too_large)
        return failure(error, "over " + count_of(body.limit, "byte") + ", the most that are read of a page");
    return failure(error, "after " + count_of(body.bytes, "byte") + " of the page");
}

Failure judge_page(const ParsedPage& page, const PageBody& body) {
    const storage::NodePage& rows = page.rows;
    const Unread& unread = page.parser.unread();
    if (has_figure(rows.node) || std::any_of(rows.containers.begin(), rows.containers.end(), has_figure))
        return {};
    if (unread.bad > 0) return failure(Errc::bad_lines, about_bad_lines(unread));
    const bool names_nothing = rows.containers.empty() && rows.complete && !rows.node.swap;
    if (unread.others > 0 && rows.containers.empty() && !rows.node.swap)
        return failure(Errc::not_metrics, count_of(unread.others, "line") + ' ' + of_type(body) +
                                              "; the first: " + shown(unread.first_other));
    if (names_nothing)
        return failure(Errc::empty_page,
                       count_of(body.bytes, "byte") + ' ' + of_type(body) + ", and no line of metrics");
    return failure(Errc::no_figures, about_missing_figures(rows));
}

void say_bad_lines(std::string_view node, const ParsedPage& page, bool& said) {
    const Unread& unread = page.parser.unread();
    const bool before = std::exchange(said, page.rows.bad_lines > 0);
    if (before || !said) return;
    const bool is_ours = unread.bad > 0;
    const std::string_view first = is_ours ? unread.first_bad : unread.first_other;
    telemetry::warning("Left out lines of a page that cannot be read",
                       {{"node", node},
                        {"lines", page.rows.bad_lines},
                        {"first", shown(first)},
                        {"why", words(is_ours ? unread.fault : Fault::no_metric)}});
}

}  // namespace scraper
