// SPDX-License-Identifier: Apache-2.0
// The command line of `topd top`.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace topd::top {

enum class Kind { nodes, pods };
enum class SortBy { name, cpu, memory };
enum class Output { table, wide, json };

// Where topd is asked.
struct Access {
    // Empty: $KUBECONFIG, ~/.kube/config or the pod's own account.
    std::string kubeconfig;
    // Empty: the current one.
    std::string context;
    // The Service that kube-apiserver leads to; the name may have a port, NAME:PORT.
    std::string service_namespace = "kube-system";
    std::string service_name = "topd-graphs";
    // topd itself, without a slash at its end; empty: by the Service.
    std::string url;
    std::string certificate_authority;
    bool insecure = false;
};

struct Range {
    // As it is given and shown: 15m, 1h, 6h, 24h.
    std::string name = "1h";
    int seconds = 3600;
};

struct Options {
    Kind kind = Kind::pods;
    // Of one node or pod; empty: of all.
    std::string name;
    // Empty: the context's.
    std::string name_space;
    bool all_namespaces = false;
    std::string search;
    SortBy sort_by = SortBy::name;
    Range range;
    // 0: all.
    std::size_t limit = 0;
    bool watch = false;
    bool headings = true;
    Output output = Output::table;
    Access access;
    bool help = false;
};

// Says what is wrong with the command line, and what may stand there.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// `arguments`: what stands behind `topd top`. Throws UsageError.
Options parse_options(const std::vector<std::string>& arguments);

// `program`: how it was called, "topd top" or "kubectl history".
std::string help_text(const std::string& program);

}  // namespace topd::top
