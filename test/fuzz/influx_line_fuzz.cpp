// SPDX-License-Identifier: Apache-2.0
// Whatever names are, what is written is one line of the protocol, and a reader of its own finds in it what
// was said: each byte that can stand in a name, and '_' for what cannot. Four names, with bytes 0xf8 between.
#include "sink/influx/line.hpp"
#include "test/fuzz/require.hpp"
#include "test/sink/influx/line_reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace {

// Begins no rune, and so stands for an end here.
constexpr char kEnd = '\xf8';

std::string take_part(std::string_view& rest) {
    const std::size_t end = std::min(rest.find(kEnd), rest.size());
    const std::string part{rest.substr(0, end)};
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

bool is_kept(char c) {
    return c >= ' ' && c <= '~';
}

// Whether `read` is `said`: of ASCII exactly, of the rest that it came through or was replaced.
bool is_same(std::string_view said, std::string_view read) {
    const bool ascii = std::all_of(said.begin(), said.end(), [](char c) { return c >= 0; });
    if (!ascii) return !read.empty() && read.find('\n') == read.npos;
    if (said.size() != read.size()) return false;
    for (std::size_t i = 0; i < said.size(); ++i) {
        const bool ends_in_escape = i + 1 == said.size() && said[i] == '\\';
        const char expected = is_kept(said[i]) && !ends_in_escape ? said[i] : '_';
        if (read[i] != expected) return false;
    }
    return true;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = text_of(data, size);
    const std::string metric = take_part(rest);
    const std::string cluster = take_part(rest);
    const std::string image = take_part(rest);
    const std::string pod = take_part(rest);
    const std::size_t slash = metric.find('/');
    const std::string measurement = metric.substr(0, slash);
    const std::string field = slash == metric.npos ? "value" : metric.substr(slash + 1);
    // Nobody has metrics without a name.
    if (measurement.empty() || field.empty()) return 0;

    std::string tags;
    sink::influx::append_tags(tags, {cluster, image, {}, {}, {}, pod, {}, "pod"});
    sink::influx::Lines lines{sink::influx::Schema::fields};
    lines.add(metric, std::uint64_t{size});
    std::string text;
    require(lines.write(text, tags, 1767607320) == 1, "a figure is a line");

    const auto read = test::influx::read_text(text);
    require(read && read->size() == 1, "what is written is one line");
    const auto& line = read->front();
    const std::string of = measurement.front() == '#' ? "_" + measurement.substr(1) : measurement;
    require(is_same(of, line.measurement), "the measurement is read again");
    require(line.fields.size() == 1 && is_same(field, line.fields.begin()->first), "so is the field");
    require(std::get<std::int64_t>(line.fields.begin()->second) == static_cast<std::int64_t>(size),
            "so is its value");
    const std::pair<const char*, const std::string&> named[] = {
        {"cluster_name", cluster}, {"container_base_image", image}, {"pod_name", pod}};
    for (const auto& [key, value] : named) {
        const auto found = line.tags.find(key);
        require((found == line.tags.end()) == value.empty(), "a tag is there when it has a value");
        if (!value.empty()) require(is_same(value, found->second), "a tag is read again");
    }
    require(line.time == 1767607320, "so is the time");
    return 0;
}
