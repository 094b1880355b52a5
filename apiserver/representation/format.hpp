// SPDX-License-Identifier: Apache-2.0
// How each media type is written. A further one is a row here, its encoder, and its name in
// request/media_type.hpp.
#pragma once

#include "apiserver/encode/encoded_labels.hpp"
#include "apiserver/encode/encoder.hpp"
#include "apiserver/request/negotiate.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace apiserver {

enum class IncludeObject;
struct Document;
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

const Format& format_of(MediaType type);

}  // namespace apiserver
