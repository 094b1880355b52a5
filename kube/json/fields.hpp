// SPDX-License-Identifier: Apache-2.0
// Which members of a JSON object are read, as tables, and the one routine that follows them.
//
// Members that no table names are passed over, whatever they hold; keys count letter by letter; null is as if
// it were missing; of a member that comes twice the last one counts. A value of another type than its table
// says, or bytes that are not JSON, give Errc::malformed, as Go's decoder would.
#pragma once

#include "kube/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace kube {

// What a value is to us. A container's is told when it begins and ends.
enum class Field {
    none,
    name,
    name_space,
    uid,
    resource_version,
    label,
    annotation,
    data,
    capacity,
    node_name,
    condition,
    condition_type,
    condition_status,
    address,
    address_type,
    address_text,
    kubelet_port,
    continue_token,
    type,
    message,
    reason,
    code,
    retry_after,
    owner,
    owner_kind,
    owner_name,
    owner_controller,
    container,
    init_container,
    container_name,
    container_image,
    container_restart_policy,
    request,
    limit,
    pod_request,
    pod_limit,
    phase,
    host_ip,
    pod_ip,
    container_status,
    init_container_status,
    status_name,
    restart_count,
    allocatable,
    port,
    port_name,
    port_number,
    port_protocol,
    host_network,
};

struct Member;

// A value's type. Of an object its members, of a list those of its elements, which are objects; a map is from
// text to text.
struct Shape {
    enum class Kind { text, number, flag, object, map, list };
    Kind kind;
    Field field = Field::none;
    const Member* members = nullptr;
    std::size_t count = 0;
};

struct Member {
    std::string_view key;
    Shape shape;
};

constexpr Shape text_of(Field field) {
    return {Shape::Kind::text, field};
}
constexpr Shape number_of(Field field) {
    return {Shape::Kind::number, field};
}
constexpr Shape flag_of(Field field) {
    return {Shape::Kind::flag, field};
}
constexpr Shape map_of(Field field) {
    return {Shape::Kind::map, field};
}
template <std::size_t N>
constexpr Shape object_of(const Member (&members)[N]) {
    return {Shape::Kind::object, Field::none, members, N};
}
template <std::size_t N>
constexpr Shape list_of(Field element, const Member (&members)[N]) {
    return {Shape::Kind::list, element, members, N};
}

// Takes what was read. `key`: of a map's entry.
class FieldTarget {
  public:
    virtual ~FieldTarget() = default;
    virtual void text(Field, const std::string& /*key*/, const std::string& /*value*/) {}
    virtual void number(Field, std::int64_t) {}
    virtual void flag(Field, bool) {}
    // What an earlier list of the same name held does not count.
    virtual void begin_list(Field) {}
    virtual void begin_element(Field) {}
    virtual void end_element(Field) {}
};

// After an error the target holds nothing of use. More than 512 brackets in each other are malformed.
net::Result<> read_fields(std::string_view bytes, const Shape& object, FieldTarget& target);

}  // namespace kube
