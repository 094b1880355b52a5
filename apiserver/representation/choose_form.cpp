// SPDX-License-Identifier: Apache-2.0
#include "apiserver/representation/choose_form.hpp"

#include <string>
#include <string_view>

namespace apiserver {
namespace {

enum class Streams { left_out, named };

// The names of all our types.
std::string all_types(Streams streams) {
    std::string out;
    const auto add = [&out](std::string_view name, std::string_view parameter) {
        if (!out.empty()) out.append(", ");
        out.append(name).append(parameter);
    };
    for (const MediaTypeInfo& info : kMediaTypes) add(info.name, "");
    for (const MediaTypeInfo& info : kMediaTypes)
        if (streams == Streams::named && info.streams) add(info.name, ";stream=watch");
    return out;
}

}  // namespace

boost::system::result<Representation, Status> choose_form(const net::Request& request, const Query& query,
                                                          const Offer& offer) {
    const std::string_view accept = request.headers.find("Accept").value_or("");
    if (offer.json_only) {
        if (!is_producible(accept, true)) return not_acceptable(content_type(MediaType::json));
        return Representation{};
    }
    if (!is_producible(accept))
        return not_acceptable(all_types(offer.watchable ? Streams::named : Streams::left_out));
    const auto form = negotiate(request, query, offer.allows);
    if (!form) return no_acceptable_clause(all_types(Streams::left_out));
    return *form;
}

}  // namespace apiserver
