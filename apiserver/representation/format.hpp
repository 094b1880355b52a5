// SPDX-License-Identifier: Apache-2.0
// The media types that answers are written in. A further one is a row of format.cpp, and its encoder of rows.
#pragma once

#include "apiserver/encode/encoded_labels.hpp"
#include "apiserver/encode/encoder.hpp"
#include "apiserver/representation/representation.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace apiserver {

enum class IncludeObject;
struct Status;

// What encoders draw on, kept from answer to answer. The store must outlive it, and it the encoders.
struct EncoderSource {
    explicit EncoderSource(const storage::Store& from);

    const storage::Store& store;
    EncodedLabels json;
    EncodedLabels protobuf;
};

struct Format {
    MediaType type;
    // As in Content-Type.
    std::string_view name;
    // A clause of Accept may ask for a stream of them.
    bool streams;
    // There is a Table in it.
    bool tables;
    // Makes the encoder of rows in the form's shape; `include` is for tables.
    std::unique_ptr<Encoder> (*encoder)(EncoderSource& source, RowStyle style, const Representation& form,
                                        IncludeObject include);
    // Make bodies: from what Encoder::object() wrote, from a document, from a Status.
    std::string (*object)(std::string encoded, const Representation& form);
    std::string (*document)(const Document& document, const Representation& form);
    std::string (*status)(const Status& status, const Representation& form);
    // Encoders write it compact: it is indented if the form says so, else it ends with a newline.
    bool indents;
    // Lists are sent in pieces of about this size while they are encoded. 0: they have to be whole first, as
    // list_head() looks at item_bytes.
    std::size_t piece_bytes;
};

// By MediaType.
std::span<const Format> formats();

inline const Format& format_of(MediaType type) {
    return formats()[static_cast<std::size_t>(type)];
}

}  // namespace apiserver
