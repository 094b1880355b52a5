// SPDX-License-Identifier: Apache-2.0
// For the tests of collections: a collection of little things, and reading what is answered about it.
#pragma once

#include "test/sim/api/objects/protobuf.hpp"
#include "test/sim/api/resources/collection.hpp"
#include "test/sim/api/resources/resources.hpp"
#include "test/sim/testing.hpp"

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sim {

// An object that is little more than a name.
class Thing final : public Object {
  public:
    Thing(std::string name_space, std::string name, std::string color);
    void write_json(nlohmann::ordered_json& to) const override;
    void write_protobuf(std::string& to) const override;

  private:
    std::optional<std::string> own_field(std::string_view path) const override;
    std::string color_;
};

struct Things {
    Things();
    ~Things();

    std::string read(net::BodySource& source, int pieces = 1'000);
    Answer get(const std::string& query, const std::string& accept = "application/json",
               const std::string& name = "", const std::string& name_space = "");
    std::vector<std::string> names(const Answer& answer);

    TestLoop loop;
    Versions versions;
    Collection all{{"things", "thing", "", {"Thing", "v1"}, true, {"metadata.name", "color"}}, versions, 5};
    bool ended = false;
};

using Names = std::vector<std::string>;
inline constexpr const char* kProtobuf = "application/vnd.kubernetes.protobuf";

}  // namespace sim
