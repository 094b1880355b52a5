// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/request/status.hpp"

#include "test/sim/api/objects/protobuf.hpp"

#include <nlohmann/json.hpp>

namespace sim {

Status not_found(const std::string& plural, const std::string& name) {
    return {404, "NotFound", plural + " \"" + name + "\" not found", name, plural};
}
Status no_such_path() {
    return {404, "NotFound", "the server could not find the requested resource", "", ""};
}
Status bad_request(std::string message) {
    return {400, "BadRequest", std::move(message), "", ""};
}
Status unauthorized() {
    return {401, "Unauthorized", "Unauthorized", "", ""};
}
Status forbidden(std::string message) {
    return {403, "Forbidden", std::move(message), "", ""};
}
Status method_not_allowed() {
    return {405, "MethodNotAllowed", "the server does not allow this method on the requested resource", "",
            ""};
}
Status not_acceptable() {
    return {
        406, "NotAcceptable",
        "only the following media types are accepted: application/json, application/vnd.kubernetes.protobuf",
        "", ""};
}
Status expired(std::string message) {
    return {410, "Expired", std::move(message), "", ""};
}

std::string encode_status(const Status& status, Encoding encoding) {
    if (encoding == Encoding::json) {
        nlohmann::ordered_json json{{"kind", "Status"},
                                    {"apiVersion", "v1"},
                                    {"metadata", nlohmann::ordered_json::object()},
                                    {"status", "Failure"},
                                    {"message", status.message}};
        if (!status.reason.empty()) json["reason"] = status.reason;
        if (!status.kind.empty()) json["details"] = {{"name", status.name}, {"kind", status.kind}};
        json["code"] = status.code;
        return json.dump();
    }
    std::string list_meta, details, message;
    protozero::pbf_writer meta_writer{list_meta};
    for (const std::uint32_t field : {1U, 2U, 3U}) add_text(meta_writer, field, "");
    protozero::pbf_writer writer{message};
    writer.add_message(1, list_meta);
    add_text(writer, 2, "Failure");
    add_text(writer, 3, status.message);
    add_text(writer, 4, status.reason);
    if (!status.kind.empty()) {
        protozero::pbf_writer details_writer{details};
        add_text(details_writer, 1, status.name);
        add_text(details_writer, 2, "");
        add_text(details_writer, 3, status.kind);
        writer.add_message(5, details);
    }
    writer.add_int32(6, static_cast<std::int32_t>(status.code));
    return protobuf_envelope("Status", "v1", message);
}

net::Response status_response(const Status& status, Encoding encoding) {
    net::Response response = json_response(encode_status(status, encoding), status.code);
    if (encoding == Encoding::protobuf)
        response.headers.set("Content-Type", "application/vnd.kubernetes.protobuf");
    return response;
}

net::Response json_response(std::string body, unsigned status) {
    net::Response response;
    response.status = status;
    response.headers.add("Cache-Control", "no-cache, private");
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

}  // namespace sim
