// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/list_options.hpp"

#include "apiserver/request/request_info.hpp"
#include "text/go_text.hpp"

#include <utility>
#include <vector>

namespace apiserver {
namespace {

Cause forbidden(std::string field, const std::string& why) {
    return {"FieldValueForbidden", "Forbidden: " + why, std::move(field)};
}

Cause unsupported(std::string field, std::string_view value, const std::string& supported) {
    return {"FieldValueNotSupported",
            "Unsupported value: " + text::quoted(value) + ": supported values: " + supported,
            std::move(field)};
}

const std::string kMatch = "resourceVersionMatch";
const std::string kInitialEvents = "sendInitialEvents";

// ValidateListOptions of k8s.io/apimachinery.
std::vector<Cause> faults_of_list(const Query& query) {
    std::vector<Cause> faults;
    const std::string_view match = query.get(kMatch);
    if (!match.empty()) {
        if (query.get("resourceVersion").empty())
            faults.push_back(
                forbidden(kMatch, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        if (!query.get("continue").empty())
            faults.push_back(
                forbidden(kMatch, "resourceVersionMatch is forbidden when continue is provided"));
        if (match != "Exact" && match != "NotOlderThan")
            faults.push_back(unsupported(kMatch, match, R"("Exact", "NotOlderThan", "")"));
        if (match == "Exact" && query.get("resourceVersion") == "0")
            faults.push_back(
                forbidden(kMatch, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
    }
    if (query.contains(kInitialEvents))
        faults.push_back(forbidden(kInitialEvents, "sendInitialEvents is forbidden for list"));
    return faults;
}

// validateWatchOptions of the same: a watch is refused, but first its options are read.
std::vector<Cause> faults_of_watch(const Query& query) {
    std::vector<Cause> faults;
    const std::string_view match = query.get(kMatch);
    const bool initial_events = query.contains(kInitialEvents);
    if (initial_events && match != "NotOlderThan")
        faults.push_back(
            forbidden(kMatch, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    if (match.empty()) return faults;
    if (!initial_events)
        faults.push_back(forbidden(
            kMatch, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
    if (match != "NotOlderThan") faults.push_back(unsupported(kMatch, match, R"("NotOlderThan")"));
    if (!query.get("continue").empty())
        faults.push_back(forbidden(kMatch, "resourceVersionMatch is forbidden when continue is provided"));
    return faults;
}

}  // namespace

boost::system::result<ListOptions, Status> parse_list_options(const Query& query) {
    for (const std::string_view key : {"timeoutSeconds", "limit"}) {
        const auto value = query.find(key);
        const auto number = text::parse_int(value.value_or("0"));
        if (!number) return bad_request(number.error().text);
    }
    auto labels = LabelSelector::parse(query.get("labelSelector"));
    if (!labels) return bad_request(labels.error().text);
    auto fields = FieldSelector::parse(query.get("fieldSelector"));
    if (!fields) return bad_request(fields.error().text);

    ListOptions options{std::move(*labels), std::move(*fields), option_is_set(query, "watch")};
    std::vector<Cause> faults = options.watch ? faults_of_watch(query) : faults_of_list(query);
    if (!faults.empty()) return invalid_list_options(std::move(faults));
    const std::string unknown = options.fields.unknown_field();
    if (!unknown.empty()) return bad_request(unknown);
    return options;
}

}  // namespace apiserver
