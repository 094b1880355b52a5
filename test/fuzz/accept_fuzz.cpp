// SPDX-License-Identifier: Apache-2.0
// Any Accept header is answered in the form that the written rules give, read once more in plain words.
#include "apiserver/representation/format.hpp"
#include "apiserver/representation/negotiate.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

// How they are written is not asked here: the rows of apiserver/representation/format.cpp without that.
std::span<const apiserver::Format> apiserver::formats() {
    static constexpr Format kRows[] = {
        {MediaType::json, "application/json", true, true, {}, {}, {}, {}, {}, {}},
        {MediaType::yaml, "application/yaml", false, true, {}, {}, {}, {}, {}, {}},
        {MediaType::protobuf, "application/vnd.kubernetes.protobuf", true, false, {}, {}, {}, {}, {}, {}}};
    return kRows;
}

namespace {

using apiserver::MediaType;
using apiserver::Representation;
using apiserver::Shape;

struct Clause {
    std::string type;
    std::string subtype;
    float q = 1;
    std::map<std::string, std::string> parameters;
};

std::string trimmed(std::string text) {
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    // Nothing behind the last separator is nothing.
    if (parts.back().empty()) parts.pop_back();
    return parts;
}

std::optional<Clause> naive_clause(const std::string& text) {
    const std::vector<std::string> parts = split(trimmed(text), ';');
    const std::vector<std::string> names = split(parts.empty() ? "" : parts[0], '/');
    Clause clause;
    if (!names.empty()) clause.type = trimmed(names[0]);
    if (names.size() < 2 && clause.type != "*") return std::nullopt;
    if (names.size() > 2) return std::nullopt;
    clause.subtype = names.size() == 2 ? trimmed(names[1]) : "*";
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::vector<std::string> pair = split(parts[i], '=');
        if (pair.size() != 2) continue;
        if (trimmed(pair[0]) == "q")
            // Of numbers only these few are read a second time.
            clause.q = pair[1] == "1" ? 1.0f : pair[1] == "0.5" ? 0.5f : 0.0f;
        else
            clause.parameters[trimmed(pair[0])] = trimmed(pair[1]);
    }
    return clause;
}

bool precedes(const Clause& a, const Clause& b) {
    return a.q > b.q || (a.type != "*" && b.type == "*") || (a.subtype != "*" && b.subtype == "*");
}

std::vector<Clause> naive_clauses(const std::string& header) {
    std::vector<Clause> clauses;
    for (const std::string& text : split(header, ',')) {
        const std::optional<Clause> clause = naive_clause(text);
        if (!clause || clauses.size() == 64) continue;
        auto at = clauses.end();
        while (at != clauses.begin() && precedes(*clause, *(at - 1))) --at;
        clauses.insert(at, *clause);
    }
    return clauses;
}

std::optional<Shape> naive_shape(std::map<std::string, std::string> parameters, MediaType type) {
    if (!parameters.contains("as") && !parameters.contains("g") && !parameters.contains("v"))
        return Shape::object;
    const bool version = parameters["v"] == "v1" || parameters["v"] == "v1beta1";
    if (parameters["g"] != "meta.k8s.io" || !version) return std::nullopt;
    if (parameters["as"] == "Table" && type != MediaType::protobuf) return Shape::table;
    if (parameters["as"] == "PartialObjectMetadata") return Shape::metadata;
    if (parameters["as"] == "PartialObjectMetadataList") return Shape::metadata_list;
    return std::nullopt;
}

using Form = std::tuple<MediaType, Shape, bool>;

std::optional<Form> naive_form(const std::string& header) {
    if (header.empty()) return Form{MediaType::json, Shape::object, false};
    const std::pair<MediaType, std::string> types[] = {{MediaType::json, "json"},
                                                       {MediaType::yaml, "yaml"},
                                                       {MediaType::protobuf, "vnd.kubernetes.protobuf"}};
    for (Clause& clause : naive_clauses(header)) {
        for (const auto& [type, name] : types) {
            const bool any = clause.type == "*" && clause.subtype == "*";
            if (!any && (clause.type != "application" || (clause.subtype != "*" && clause.subtype != name)))
                continue;
            // What is empty was not said.
            if (!clause.parameters["sv"].empty()) continue;
            const bool stream = !clause.parameters["stream"].empty();
            if (stream && (clause.parameters["stream"] != "watch" || type == MediaType::yaml)) continue;
            if (const auto shape = naive_shape(clause.parameters, type))
                return Form{type, *shape, clause.parameters["pretty"] == "1"};
        }
    }
    return std::nullopt;
}

std::optional<Form> form_of(const std::string& header, apiserver::Allows allows) {
    net::Request request;
    request.headers.add("Accept", header);
    const auto form = apiserver::negotiate(request, apiserver::Query{}, allows);
    if (!form) return std::nullopt;
    require(form->shape == Shape::object || form->meta_version.starts_with("meta.k8s.io/v1"),
            "shapes have versions");
    return Form{form->type, form->shape, form->pretty};
}

// Whether all q are of the few numbers that are read twice.
bool has_known_q(const std::string& header) {
    for (std::string clause : split(header, ',')) {
        for (const std::string& parameter : split(trimmed(clause), ';')) {
            const std::vector<std::string> pair = split(parameter, '=');
            if (pair.size() != 2 || trimmed(pair[0]) != "q") continue;
            if (pair[1] != "1" && pair[1] != "0.5" && pair[1] != "0") return false;
        }
    }
    return true;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string header{text_of(data, size)};
    const auto plain = form_of(header, apiserver::as_it_is);
    const auto shaped = form_of(header, apiserver::as_shape);
    if (plain) require(std::get<Shape>(*plain) == Shape::object, "nobody asked for another shape");
    if (plain) require(shaped.has_value(), "what can be had plain can be had");
    if (has_known_q(header)) require(shaped == naive_form(header), "the rules give another form");
    // Appended it comes last.
    if (!header.empty() && shaped)
        require(form_of(header + ",text/html;q=0", apiserver::as_shape) == shaped,
                "what nobody has changes nothing");
    if (apiserver::is_producible(header, true))
        require(apiserver::is_producible(header), "JSON is one of ours");
    return 0;
}
