// SPDX-License-Identifier: Apache-2.0
#include "kube/json/fields.hpp"

#include "kube/json/object_splitter.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

namespace kube {
namespace {

using nlohmann::json;
using Kind = Shape::Kind;

constexpr std::size_t kDeepest = 512;

// Each call answers whether to go on.
class FieldHandler final : public json::json_sax_t {
  public:
    FieldHandler(const Shape& object, FieldTarget& target) : next_{object}, target_{target} {}

    bool null() override {
        const auto shape = expected();
        if (shape && shape->kind == Kind::list) target_.begin_list(shape->field);
        // As Go: a map's null entry is there and empty.
        if (in_map()) target_.text(shape->field, key_, "");
        return true;
    }
    bool boolean(bool value) override {
        const auto shape = expected();
        if (!shape) return true;
        if (shape->kind != Kind::flag) return false;
        target_.flag(shape->field, value);
        return true;
    }
    bool number_integer(std::int64_t value) override { return take_number(value); }
    bool number_unsigned(std::uint64_t value) override {
        constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
        return take_number(static_cast<std::int64_t>(std::min(value, kLargest)));
    }
    bool number_float(double, const std::string&) override { return !expected(); }
    bool string(std::string& value) override {
        const auto shape = expected();
        if (!shape) return true;
        if (shape->kind != Kind::text) return false;
        target_.text(shape->field, key_, value);
        return true;
    }
    bool binary(json::binary_t&) override { return false; }

    bool start_object(std::size_t) override {
        const auto shape = expected();
        if (shape && shape->kind != Kind::object && shape->kind != Kind::map) return false;
        if (shape && in_list()) target_.begin_element(shape->field);
        return open(shape);
    }
    bool key(std::string& key) override {
        if (!open_.back() || in_list()) return true;
        key_ = key;
        next_.reset();
        if (in_map()) {
            next_ = text_of(open_.back()->field);
            return true;
        }
        const Shape& object = *open_.back();
        for (std::size_t i = 0; i < object.count; ++i)
            if (object.members[i].key == key) next_ = object.members[i].shape;
        return true;
    }
    bool end_object() override {
        const auto shape = open_.back();
        open_.pop_back();
        if (shape && in_list()) target_.end_element(shape->field);
        return true;
    }
    bool start_array(std::size_t) override {
        const auto shape = expected();
        if (shape && shape->kind != Kind::list) return false;
        if (shape) target_.begin_list(shape->field);
        return open(shape);
    }
    bool end_array() override {
        open_.pop_back();
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

  private:
    bool in(Kind kind) const { return !open_.empty() && open_.back() && open_.back()->kind == kind; }
    bool in_map() const { return in(Kind::map); }
    bool in_list() const { return in(Kind::list); }

    // Of the value that begins; empty: of no interest.
    std::optional<Shape> expected() const {
        if (open_.empty()) return next_;
        if (!open_.back()) return std::nullopt;
        if (!in_list()) return next_;
        Shape element = *open_.back();
        element.kind = Kind::object;
        return element;
    }

    bool open(const std::optional<Shape>& shape) {
        if (open_.size() == kDeepest) return false;
        open_.push_back(shape);
        return true;
    }

    bool take_number(std::int64_t value) {
        const auto shape = expected();
        if (!shape) return true;
        if (shape->kind != Kind::number) return false;
        target_.number(shape->field, value);
        return true;
    }

    // Of the value after the key that came last; at first, of the whole.
    std::optional<Shape> next_;
    FieldTarget& target_;
    std::string key_;
    // The containers that we are in; empty: of no interest.
    std::vector<std::optional<Shape>> open_;
};

// The text of a document that is one string.
class TextTarget final : public FieldTarget {
  public:
    void text(Field, const std::string&, const std::string& value) override { text_ = value; }
    std::string& value() { return text_; }

  private:
    std::string text_;
};

}  // namespace

net::Result<> read_fields(std::string_view bytes, const Shape& object, FieldTarget& target) {
    FieldHandler handler{object, target};
    if (!json::sax_parse(bytes.begin(), bytes.end(), &handler)) return Errc::malformed;
    return {};
}

net::Result<std::string> decode_json_text(std::string_view quoted) {
    const std::string_view inside = quoted.substr(1, quoted.size() - 2);
    if (quoted.starts_with('"') && inside.find('\\') == inside.npos) return std::string{inside};
    TextTarget target;
    if (auto good = read_fields(quoted, text_of(Field::none), target); !good) return good.error();
    return std::move(target.value());
}

}  // namespace kube
