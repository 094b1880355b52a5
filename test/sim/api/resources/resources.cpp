// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/resources.hpp"

#include "test/sim/api/resources/list_source.hpp"
#include "test/sim/api/resources/watch_source.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace sim {
namespace {

using boost::system::result;

// What API servers choose when the client does not: 30 to 60 minutes.
constexpr std::chrono::seconds kWatchTime{2400};

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void set_type(net::Response& response, Encoding encoding, std::string_view parameters = "") {
    const std::string type = encoding == Encoding::json
                                 ? "application/json"
                                 : "application/vnd.kubernetes.protobuf" + std::string{parameters};
    response.headers.add("Cache-Control", "no-cache, private");
    response.headers.add("Content-Type", type);
}

std::optional<Status> select(const Collection& collection, const ResourceRequest& request,
                             Selection& selection) {
    selection.name_space = request.name_space;
    auto labels = LabelSelector::parse(request.query.get("labelSelector"));
    if (!labels) return bad_request(labels.error().message);
    auto fields = parse_field_selector(request.query.get("fieldSelector"));
    if (!fields) return bad_request(fields.error().message);
    const auto& known = collection.type().selectable_fields;
    for (const FieldTerm& term : *fields)
        if (std::find(known.begin(), known.end(), term.field) == known.end())
            return bad_request("field label not supported: " + term.field);
    selection.labels = std::move(*labels);
    selection.fields = std::move(*fields);
    return std::nullopt;
}

// "<version>.<hex of namespace/name>": where the next page begins. Opaque to clients.
std::string make_continue(std::uint64_t version, const ObjectMeta& last) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string token = std::to_string(version) + ".";
    for (const char c : last.name_space + "/" + last.name) {
        token += kHex[static_cast<unsigned char>(c) >> 4];
        token += kHex[static_cast<unsigned char>(c) & 15];
    }
    return token;
}

struct Position {
    std::uint64_t version = 0;
    ObjectKey after;
};

std::optional<Position> parse_continue(std::string_view token) {
    const std::size_t dot = token.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto version = parse_number(token.substr(0, dot));
    std::string percent;
    for (std::size_t i = dot + 1; i + 1 < token.size(); i += 2)
        percent.append("%").append(token.substr(i, 2));
    const auto text = unescape(percent, false);
    const std::size_t slash = text ? text->find('/') : std::string::npos;
    if (!version || slash == std::string::npos) return std::nullopt;
    return Position{*version, {text->substr(0, slash), text->substr(slash + 1)}};
}

net::Response list(Collection& collection, const ResourceRequest& request, Selection selection,
                   ListForm form) {
    std::optional<ObjectKey> after;
    form.version = collection.current();
    if (const std::string_view token = request.query.get("continue"); !token.empty()) {
        auto position = parse_continue(token);
        if (!position) return status_response(bad_request("continue key is not valid"), form.encoding);
        if (position->version < collection.oldest())
            return status_response(
                expired("The provided continue parameter is too old to display a consistent list "
                        "result."),
                form.encoding);
        form.version = position->version;
        after = std::move(position->after);
    }
    const std::string_view limit_text = request.query.get("limit");
    const auto limit = parse_number(limit_text.empty() ? "0" : limit_text);
    if (!limit)
        return status_response(
            bad_request("strconv.ParseInt: parsing \"" + std::string{limit_text} + "\": invalid syntax"),
            form.encoding);
    // Version 0 is served from the watch cache, whole: so API servers did until 1.33, and the limit was no
    // use.
    const std::size_t most = request.query.get("resourceVersion") == "0" ? 0 : *limit;
    // One more tells whether this is the last page.
    auto objects = collection.list(selection, after, most == 0 ? 0 : most + 1);
    if (most != 0 && objects.size() > most) {
        objects.pop_back();
        form.next_page = make_continue(form.version, objects.back().object->meta());
        if (selection.everything()) {
            const ObjectKey last{objects.back().object->meta().name_space,
                                 objects.back().object->meta().name};
            form.remaining = collection.list(selection, last, 0).size();
        }
    }
    net::Response response;
    set_type(response, form.encoding);
    response.source = std::make_unique<ListSource>(std::move(objects), std::move(form));
    return response;
}

net::Response watch(Collection& collection, const ResourceRequest& request, WatchForm form) {
    const std::string_view version_text = request.query.get("resourceVersion");
    const auto version = parse_number(version_text.empty() ? "0" : version_text);
    if (!version)
        return status_response(bad_request("invalid resource version \"" + std::string{version_text} + "\""),
                               form.encoding);
    // No version, or 0: from now on. (API servers send what there is as ADDED first; no client of ours asks
    // that without sendInitialEvents.)
    form.version = *version == 0 ? collection.current() : *version;
    form.bookmarks = request.query.flag("allowWatchBookmarks");
    if (request.query.flag("sendInitialEvents")) {
        form.initial = collection.list(form.selection, std::nullopt, 0);
        form.version = collection.current();
    }
    const auto seconds = parse_number(request.query.get("timeoutSeconds"));
    form.until = net::Clock::now() +
                 (seconds && *seconds > 0 && *seconds < 86'400 ? std::chrono::seconds{*seconds} : kWatchTime);
    net::Response response;
    set_type(response, form.encoding, ";stream=watch");
    response.source = std::make_unique<WatchSource>(collection, std::move(form));
    return response;
}

net::Response get(const Collection& collection, const ResourceRequest& request, Encoding encoding,
                  Shape shape) {
    const auto stored = collection.get({request.name_space, request.name});
    if (!stored) return status_response(not_found(collection.type().plural, request.name), encoding);
    net::Response response;
    set_type(response, encoding);
    response.body = encode_object(*stored->object, stored->version, collection.type().type, encoding, shape);
    return response;
}

}  // namespace

net::Response get_resource(Collection& collection, const ResourceRequest& request) {
    const auto accepted = negotiate(request.accept, request.spoken);
    if (!accepted) return status_response(not_acceptable());
    const bool is_watch = request.name.empty() && request.query.flag("watch");
    const bool is_list = request.name.empty() && !is_watch;
    const Conversion wrong = is_list ? Conversion::metadata : Conversion::metadata_list;
    if (accepted->conversion == wrong) return status_response(not_acceptable());
    const Encoding encoding = accepted->encoding;
    const Shape shape = accepted->conversion == Conversion::none ? Shape::whole : Shape::metadata;
    if (!request.name.empty()) return get(collection, request, encoding, shape);

    Selection selection;
    if (const auto refused = select(collection, request, selection))
        return status_response(*refused, encoding);
    if (is_watch) {
        WatchForm form;
        form.selection = std::move(selection);
        form.encoding = encoding;
        form.shape = shape;
        return watch(collection, request, std::move(form));
    }
    ListForm form;
    form.type = collection.type().type;
    form.encoding = encoding;
    form.shape = shape;
    return list(collection, request, std::move(selection), std::move(form));
}

}  // namespace sim
