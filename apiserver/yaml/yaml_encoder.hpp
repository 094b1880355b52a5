// SPDX-License-Identifier: Apache-2.0
// Any of the JSON encoders in YAML. An element is turned over as soon as it is there, so that a list need not
// be whole: its head has what sorts before the elements, its tail the rest.
#pragma once

#include "apiserver/encode/encoder.hpp"

#include <memory>
#include <string>

namespace apiserver {

class YamlEncoder final : public Encoder {
  public:
    explicit YamlEncoder(std::unique_ptr<Encoder> json) : json_{std::move(json)} {}

    void object(std::string& out, const Row& row) override;
    void item(std::string& out, const Row& row) override;
    void list_head(std::string& out, std::size_t item_bytes) override;
    void list_tail(std::string& out) override { out.append(tail_); }

  private:
    std::unique_ptr<Encoder> json_;
    // Kept for its memory.
    std::string text_;
    std::string tail_;
    bool empty_ = true;
};

}  // namespace apiserver
