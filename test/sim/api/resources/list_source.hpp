// SPDX-License-Identifier: Apache-2.0
// A list of objects as it leaves, piece by piece.
#pragma once

#include "net/http/message.hpp"
#include "test/sim/api/resources/collection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

struct ListForm {
    // Of the objects; the list's own is kind + "List".
    TypeName type;
    Encoding encoding = Encoding::json;
    Shape shape = Shape::whole;
    std::uint64_t version = 0;
    // Empty: the list is complete.
    std::string next_page;
    // With next_page: how many objects are still to come; 0: not said.
    std::uint64_t remaining = 0;
};

class ListSource final : public net::BodySource {
  public:
    ListSource(std::vector<Stored> objects, ListForm form);
    net::Task<net::Result<net::Piece>> next(std::string& out) override;

  private:
    void begin(std::string& out);
    std::string list_kind() const;
    std::string list_meta_message() const;
    net::Task<std::size_t> message_size() const;

    std::vector<Stored> objects_;
    ListForm form_;
    bool begun_ = false;
    std::size_t sent_ = 0;
    std::size_t size_ = 0;
};

}  // namespace sim
