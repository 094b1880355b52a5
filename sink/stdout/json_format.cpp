// SPDX-License-Identifier: Apache-2.0
#include "sink/stdout/json_format.hpp"

#include "text/go_text.hpp"
#include "text/go_time.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sink {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::string_view word_of(Row::Of of) {
    switch (of) {
        case Row::Of::node:
            return "node";
        case Row::Of::pod:
            return "pod";
        case Row::Of::container:
            return "container";
        case Row::Of::name_space:
            return "namespace";
        case Row::Of::cluster:
            break;
    }
    return "cluster";
}

void append_name(std::string& out, std::string_view key, std::string_view name) {
    if (name.empty()) return;
    out.append(key);
    text::append_json_string(out, name);
}

template <typename Number>
void append_number(std::string& out, std::string_view key, Number number) {
    char digits[32];
    out.append(key).append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_time(std::string& out, std::string_view key, std::int64_t seconds) {
    out.append(key).push_back('"');
    text::append_timestamp(out, seconds);
    out.push_back('"');
}

class JsonFormat final : public Format {
  public:
    void begin(const TickSpan&) override {
        text_.clear();
        lines_ = 0;
    }
    void add(const Row& row) override;
    std::size_t points() const override { return lines_; }
    std::size_t bytes() const override { return text_.size(); }
    Batch take() override {
        Batch batch;
        batch.points = std::exchange(lines_, 0);
        batch.body = std::exchange(text_, {});
        return batch;
    }

  private:
    std::string text_;
    std::uint32_t lines_ = 0;
};

void JsonFormat::add(const Row& row) {
    if (!row.now) return;
    append_time(text_, "{\"time\":", row.now->at);
    append_name(text_, ",\"type\":", word_of(row.of));
    append_name(text_, ",\"namespace\":", row.name_space);
    append_name(text_, ",\"pod\":", row.pod);
    append_name(text_, ",\"container\":", row.container);
    append_name(text_, ",\"node\":", row.node);
    append_number(
        text_, ",\"cpu_cores\":", static_cast<double>(row.now->cpu) / static_cast<double>(kNanosPerSecond));
    append_number(text_, ",\"memory_bytes\":", row.now->memory);
    if (row.now->swap) append_number(text_, ",\"swap_bytes\":", *row.now->swap);
    if (row.now->started > 0) append_time(text_, ",\"started\":", row.now->started / kNanosPerSecond);
    text_.append("}\n");
    ++lines_;
}

}  // namespace

std::unique_ptr<Format> make_json_format() {
    return std::make_unique<JsonFormat>();
}

}  // namespace sink
