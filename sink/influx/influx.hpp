// SPDX-License-Identifier: Apache-2.0
// InfluxDB's write endpoints, /write of 1.x and /api/v2/write, and what InfluxDB, VictoriaMetrics and QuestDB
// answer.
//
// A point that is written again overwrites itself, so a batch may be sent again whatever became of it, in any
// order. InfluxDB stores the good lines of a batch and answers 400 `partial write`: that is final, and the
// rest is counted, unless it says that its disk is full or the like: then it is sent again. A 400 without
// these words took nothing, and is not halved: what such a receiver has against a line (QuestDB: another type
// of column) it has against the same line of each tick, and of all things.
#pragma once

#include "sink/http/protocol.hpp"
#include "sink/influx/database.hpp"

#include <optional>
#include <string>
#include <utility>

namespace sink::influx {

enum class Version { v1, v2 };

struct ProtocolOptions {
    Version version = Version::v1;
    // Of the receiver's URL, before /write: "" or "/influx".
    std::string path;
    // v1.
    DatabaseOptions database;
    // Whether the database is made, and its retention set. Without it both are somebody else's. v1.
    bool create = true;
    // v2: the bucket is its owner's, with its retention. No org: the receiver needs none.
    std::string org, bucket;
};

class Influx final : public Protocol {
  public:
    explicit Influx(ProtocolOptions options);

    net::Request request(const Batch& batch) const override;
    Verdict judge(const Answer& answer, const Batch& batch, bool repeated) const override;
    std::optional<std::pair<Batch, Batch>> halves(const Batch& batch) const override;
    std::optional<net::Request> prepare(const Answer* last, std::string& problem) override;

  private:
    bool creates() const { return options_.version == Version::v1 && options_.create; }

    ProtocolOptions options_;
    std::string target_;
    Preparation preparation_;
};

}  // namespace sink::influx
