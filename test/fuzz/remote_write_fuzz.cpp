// SPDX-License-Identifier: Apache-2.0
// Any labels and samples are written so that a reader of its own (test/sink/remote_write/decoded.hpp) finds
// them sorted, once each, with the samples as they were, whole and in halves; and any bytes are a body to
// both readers or to none. Asio names a function like our namespace: it comes first.
#include "net/http/message.hpp"
#include "query/source/labels.hpp"
#include "sink/remote_write/remote_write.hpp"
#include "sink/remote_write/snappy.hpp"
#include "sink/remote_write/write_request.hpp"
#include "test/fuzz/require.hpp"
#include "test/sink/remote_write/decoded.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using sink::Batch;
using sink::remote_write::LabelPairs;
using sink::remote_write::WriteRequest;
using sink_test::DecodedSeries;

// Takes numbers and texts from the front.
struct Input {
    std::string_view left;

    std::size_t one() {
        if (left.empty()) return 0;
        const auto byte = static_cast<unsigned char>(left[0]);
        left.remove_prefix(1);
        return byte;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int i = 0; i < 8; ++i) value = value << 8 | one();
        return value;
    }
    std::string some() {
        const std::string taken{left.substr(0, one() % 200)};
        left.remove_prefix(std::min(taken.size(), left.size()));
        return taken;
    }
    LabelPairs labels() {
        LabelPairs all(one() % 8);
        for (auto& [name, value] : all) {
            name = some();
            value = some();
        }
        return all;
    }
};

struct Written {
    std::map<std::string, std::string> labels;
    query::Sample sample;
};

// As the header promises it, done plainly.
std::map<std::string, std::string> expected(const LabelPairs& own, const LabelPairs& external,
                                            const std::string& metric) {
    std::map<std::string, std::string> all;
    for (const auto& [name, value] : own) all[name] = value;
    std::erase_if(all, [](const auto& label) { return label.second.empty(); });
    for (const auto& [name, value] : external)
        if (!name.empty() && !value.empty()) all.emplace(name, value);
    all["__name__"] = metric;
    return all;
}

void check_same(const std::vector<DecodedSeries>& read, const Written* written, std::size_t count) {
    require(read.size() == count, "each series is read");
    for (const DecodedSeries& series : read) {
        const std::map<std::string, std::string> labels{series.labels.begin(), series.labels.end()};
        require(labels.size() == series.labels.size(), "a label is there once");
        require(std::equal(labels.begin(), labels.end(), series.labels.begin(),
                           [](const auto& a, const auto& b) { return a.first == b.first; }),
                "labels are sorted");
        require(labels == written->labels, "labels are read as written");
        require(series.at == written->sample.at, "times are read as written");
        require(
            std::bit_cast<std::uint64_t>(series.value) == std::bit_cast<std::uint64_t>(written->sample.value),
            "values are read as written, to the bit");
        ++written;
    }
}

void check_round_trip(std::string_view text) {
    Input input{text};
    const LabelPairs external = input.labels();
    WriteRequest request{external};
    std::vector<Written> written;
    while (!input.left.empty() && written.size() < 50) {
        LabelPairs own = input.labels();
        // A label without a name is none.
        std::erase_if(own, [](const auto& label) { return label.first.empty(); });
        const std::string metric = "m" + input.some();
        std::vector<query::Label> labels;
        for (const auto& [name, value] : own) labels.push_back({name, value});
        request.use(query::Labels::of(std::move(labels)));
        for (std::size_t samples = input.one() % 3; samples-- > 0;) {
            Written each{expected(own, external, metric), {}};
            each.sample.at = static_cast<query::Millis>(input.number());
            each.sample.value = std::bit_cast<double>(input.number());
            request.add(WriteRequest::name_label(metric), each.sample);
            written.push_back(each);
        }
    }
    require(request.series() == written.size(), "series are counted");
    Batch batch;
    std::string scratch;
    batch.points = static_cast<std::uint32_t>(written.size());
    batch.body = sink::remote_write::compressed(request.bytes(), scratch);
    const auto all = sink_test::read_body(batch.body);
    require(all.has_value(), "a body can be read");
    check_same(*all, written.data(), written.size());
    const auto halves = sink::remote_write::RemoteWrite{"/"}.halves(batch);
    require(halves.has_value() == (written.size() > 1), "two series and more have halves");
    if (!halves) return;
    const auto first = sink_test::read_body(halves->first.body);
    const auto second = sink_test::read_body(halves->second.body);
    require(first && second, "halves can be read");
    require(halves->first.points > 0 && halves->second.points > 0, "no half is empty");
    check_same(*first, written.data(), halves->first.points);
    check_same(*second, written.data() + first->size(), halves->second.points);
    require(first->size() + second->size() == written.size(), "halves are all of it");
}

void check_any_body(std::string_view text) {
    const auto ours = sink::remote_write::decompressed(text);
    const auto theirs = sink_test::unsnapped(text);
    require(!ours || theirs == ours, "what is decompressed is so to both readers");
    Batch batch;
    batch.body = text;
    const auto halves = sink::remote_write::RemoteWrite{"/"}.halves(batch);
    require(!halves || theirs.has_value(), "only a body has halves");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    check_round_trip(text);
    check_any_body(text);
    return 0;
}
