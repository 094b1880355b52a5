// SPDX-License-Identifier: Apache-2.0
// InfluxDB's line protocol, as bytes: measurement,tag=value field=12i,field=1.5 1767607320
// (docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference).
//
// It has no escape for a line's end, and none for a backslash at the end of a name, which would escape what
// follows. What cannot stand in a name becomes '_': control characters, bytes that are no UTF-8, what is not
// printable, that backslash, and a '#' in front of a measurement.
#pragma once

#include "heapster/value.hpp"
#include "sink/row.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sink::influx {

void append_measurement(std::string& out, std::string_view name);
// Keys and values of tags, and keys of fields.
void append_key(std::string& out, std::string_view name);

// How a metric of Heapster's is called.
enum class Schema {
    // The measurement is what stands before the first slash, the field what stands behind it; without a slash
    // the field is `value`. Heapster's withfields=true.
    fields,
    // The measurement is the metric, the field is `value`. Heapster's default.
    measurements,
};

// The names of one thing; what is empty is left out.
struct Tags {
    std::string_view cluster_name, container_base_image, container_name, namespace_name, nodename, pod_name,
        resource_id, type;
};
// Each behind a comma, by name, as InfluxDB likes them best.
void append_tags(std::string& out, const Tags& tags);

// Figures of one thing at one time: a line for each measurement. Its memory is used again and again.
class Lines {
  public:
    explicit Lines(Schema schema) : schema_{schema} {}

    // Whole numbers are InfluxDB's integers, the others floats. What neither can hold is left out.
    void add(std::string_view metric, heapster::Value value);
    // Appends them with these tags (append_tags) and forgets them. How many there were.
    std::size_t write(std::string& out, std::string_view tags, Seconds at);

  private:
    struct Line {
        std::string measurement;
        // Escaped, with commas between.
        std::string fields;
    };
    std::string& fields_of(std::string_view measurement);

    Schema schema_;
    std::vector<Line> lines_;
    std::size_t used_ = 0;
};

}  // namespace sink::influx
