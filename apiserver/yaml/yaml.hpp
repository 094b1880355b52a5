// SPDX-License-Identifier: Apache-2.0
// The YAML that Kubernetes gives for a document: sigs.k8s.io/yaml turns the document's JSON into it, so that
// keys are sorted and text is quoted as go.yaml.in/yaml/v2 does it.
#pragma once

#include <string>
#include <string_view>

namespace apiserver {

// `json`: whole; text that is not JSON is a bug. Ends with a newline.
void append_yaml(std::string& out, std::string_view json);

// The same as an element of a list that stands at the start of the line: "- ".
void append_yaml_element(std::string& out, std::string_view json);

}  // namespace apiserver
