// SPDX-License-Identifier: Apache-2.0
// Where topd is asked, and as whom.
//
// By default kube-apiserver is asked for the Service of the port for graphs: its proxy needs nothing but the
// kubeconfig that kubectl has, and reaches topd from wherever kubectl does. topd's secure port is not reached
// in that way: neither the proxy of a Service nor an APIService hands on who asks for a path such as /ui. So
// it is asked straight, by --url https://, with the kubeconfig's credentials; --url http:// asks a
// port-forward, kubectl proxy or topd's own pod, and shows no credentials.
#pragma once

#include "kube/config/config.hpp"
#include "topd/top/options.hpp"

#include <string>

namespace topd::top {

struct Place {
    kube::Config config;
    // Before /ui.
    std::string path;
    // For people.
    std::string called;
    // With its port, if it was given with one.
    std::string service_namespace;
    std::string service_name;
};

// Throws kube::ConfigError. Reads no kubeconfig for plain HTTP.
Place find_place(const Access& access);

}  // namespace topd::top
