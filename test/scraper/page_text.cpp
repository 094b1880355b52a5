// SPDX-License-Identifier: Apache-2.0
#include "test/scraper/page_text.hpp"

#include "test/checkout.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

namespace scraper {
namespace {

std::string figure(const char* name, const std::optional<storage::Reading>& reading) {
    if (!reading) return {};
    return " " + std::string{name} + "=" + std::to_string(reading->value) + "@" + std::to_string(reading->at);
}

std::string figures(const storage::PageRow& row) {
    std::string text = figure("cpu", row.cpu) + figure("memory", row.memory) + figure("swap", row.swap);
    if (row.started != 0) text += " started=" + std::to_string(row.started);
    return text + "\n";
}

}  // namespace

storage::NodePage parse_page(std::string_view text, std::size_t piece, PageLimits limits) {
    storage::NodePage page;
    PageParser parser{page, kRequestedAt, limits};
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view bytes = text.substr(at, piece);
        parser.feed(bytes);
        at += bytes.size();
    }
    parser.finish();
    return page;
}

std::string describe(const storage::NodePage& page) {
    std::string text = "node" + figures(page.node);
    for (const storage::PageRow& row : page.containers) {
        text += std::string{row.name_space} + "/" + std::string{row.pod} + "/" + std::string{row.container};
        text += figures(row);
    }
    if (page.bad_lines != 0) text += "bad=" + std::to_string(page.bad_lines) + "\n";
    if (!page.complete) text += "incomplete\n";
    return text;
}

std::vector<std::filesystem::path> resource_pages() {
    std::vector<std::filesystem::path> pages;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{checkout::fixtures()}) {
        const std::string folder = entry.path().parent_path().filename();
        const std::string name = entry.path().filename();
        const bool page =
            folder == "sequence" || (folder != "headers" && name.starts_with("metrics_resource"));
        if (page && name.ends_with(".txt")) pages.push_back(entry.path());
    }
    std::sort(pages.begin(), pages.end());
    return pages;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace scraper
