// SPDX-License-Identifier: Apache-2.0
#include "apiserver/yaml/yaml.hpp"

#include "apiserver/yaml/key_order.hpp"
#include "apiserver/yaml/scalar.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

namespace apiserver {
namespace {

using Json = nlohmann::json;

// A longer key is written with a question mark (yaml_emitter_check_simple_key).
constexpr std::size_t kMaxSimpleKey = 128;

class Emitter {
  public:
    explicit Emitter(std::string& out) : out_{out} {}

    // A document.
    void root(const Json& json) {
        if (is_block(json)) return block(json, 0, false);
        scalar(json, 2);
        out_.push_back('\n');
    }

    // An element of a list; `indent` is that of its dash, which is not written yet.
    void element(const Json& json, std::size_t indent) {
        out_.append("- ");
        if (is_block(json)) return block(json, indent + 2, false);
        scalar(json, indent + 2);
        out_.push_back('\n');
    }

  private:
    using Member = const Json::object_t::value_type*;

    static bool is_block(const Json& json) { return json.is_structured() && !json.empty(); }

    // indent_first: its first line is still empty.
    void block(const Json& json, std::size_t indent, bool indent_first) {
        if (json.is_object()) return members(json, indent, indent_first);
        for (const Json& each : json) {
            if (indent_first) out_.append(indent, ' ');
            indent_first = true;
            element(each, indent);
        }
    }

    // What follows a colon. Elements of a list stand as far in as the key they belong to.
    void value(const Json& json, std::size_t indent) {
        if (is_block(json)) {
            out_.push_back('\n');
            return block(json, json.is_object() ? indent + 2 : indent, true);
        }
        out_.push_back(' ');
        scalar(json, indent + 2);
        out_.push_back('\n');
    }

    // indent_first: the line of the first key is still empty.
    void members(const Json& json, std::size_t indent, bool indent_first) {
        for (const Member& member : sorted(json)) {
            if (indent_first) out_.append(indent, ' ');
            indent_first = true;
            const std::string& key = member->first;
            if (key.size() <= kMaxSimpleKey) {
                append_yaml_key(out_, key);
            } else {
                out_.append("? ");
                append_yaml_text(out_, key, indent + 2);
                out_.append("\n").append(indent, ' ');
            }
            out_.push_back(':');
            value(member->second, indent);
        }
    }

    void scalar(const Json& json, std::size_t indent) {
        if (json.is_string())
            append_yaml_text(out_, json.get_ref<const std::string&>(), indent);
        else
            out_.append(json.dump());
    }

    static std::vector<Member> sorted(const Json& json) {
        std::vector<Member> members;
        for (const auto& member : json.get_ref<const Json::object_t&>()) members.push_back(&member);
        // Not std::sort, which needs an order: keys like 1e3, 9a and 10 go in a circle.
        std::stable_sort(members.begin(), members.end(),
                         [](Member a, Member b) { return yaml_key_before(a->first, b->first); });
        return members;
    }

    std::string& out_;
};

}  // namespace

void append_yaml(std::string& out, std::string_view json) {
    Emitter{out}.root(Json::parse(json));
}

void append_yaml_element(std::string& out, std::string_view json) {
    Emitter{out}.element(Json::parse(json), 0);
}

}  // namespace apiserver
