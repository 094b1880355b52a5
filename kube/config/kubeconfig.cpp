// SPDX-License-Identifier: Apache-2.0
#include "files/read.hpp"
#include "kube/config/config.hpp"
#include "kube/config/config_assembly.hpp"
#include "kube/config/config_values.hpp"

#include <filesystem>
#include <string>

#include <yaml-cpp/yaml.h>

namespace kube {
namespace {

// A map of the file, and what it is called in error messages: clusters["prod"].cluster
struct Section {
    YAML::Node node;
    std::string name;

    // Empty when it is absent or null.
    std::string text(const std::string& key) const;
    bool has(const std::string& key) const;
    bool flag(const std::string& key) const;
};

// Not what the parser says: it may quote the text, and with it a password.
std::string where(const YAML::Exception& error) {
    if (error.mark.is_null()) return "line unknown";
    return "line " + std::to_string(error.mark.line + 1) + ", column " +
           std::to_string(error.mark.column + 1);
}

class Kubeconfig {
  public:
    Kubeconfig(std::string path, const std::string& text);

    // Of the current context, or of another one.
    Config load(const std::string& other_context) const;

  private:
    // The entry of `list` ("users") that is called `name`; its value is under `kind` ("user").
    Section entry(const std::string& list, const std::string& kind, const std::string& name) const;
    // The PEM text of KEY-data (base64) or of the file that KEY names, which is added to `files`; empty when
    // neither is given.
    std::string pem(const Section& section, const std::string& key, std::vector<std::string>& files) const;
    // What pem() reads, for messages.
    std::string pem_name(const Section& section, const std::string& key) const;
    std::string read_named_file(const Section& section, const std::string& key) const;
    std::string resolve(const std::string& file) const;
    void read_cluster(const Section& cluster, ConfigParts& parts) const;
    void read_user(const Section& user, ConfigParts& parts) const;
    Token read_token(const Section& user) const;
    void refuse_unsupported(const Section& user) const;
    [[noreturn]] void fail(const std::string& field, const std::string& why) const;

    std::string path_;
    YAML::Node root_;
};

std::string Section::text(const std::string& key) const {
    if (!has(key)) return {};
    return node[key].as<std::string>();
}

bool Section::has(const std::string& key) const {
    return node.IsMap() && node[key] && !node[key].IsNull();
}

bool Section::flag(const std::string& key) const {
    return has(key) && node[key].as<bool>();
}

Kubeconfig::Kubeconfig(std::string path, const std::string& text) : path_{std::move(path)} {
    try {
        root_ = YAML::Load(text);
    } catch (const YAML::Exception& e) {
        throw ConfigError{"kubeconfig " + path_ + ": is not YAML: " + where(e)};
    }
    if (!root_.IsMap()) throw ConfigError{"kubeconfig " + path_ + ": is empty or no kubeconfig"};
}

void Kubeconfig::fail(const std::string& field, const std::string& why) const {
    throw ConfigError{"kubeconfig " + path_ + ": " + field + ": " + why};
}

Config Kubeconfig::load(const std::string& other_context) const {
    const Section root{root_, ""};
    const std::string chosen = other_context.empty() ? root.text("current-context") : other_context;
    if (chosen.empty())
        fail("current-context", "is not set; choose one with kubectl config use-context NAME");
    const Section context = entry("contexts", "context", chosen);
    ConfigParts parts;
    parts.source = "kubeconfig " + path_;
    parts.files = {path_};
    if (!context.has("cluster")) fail(context.name + ".cluster", "is not set; name one of the clusters");
    read_cluster(entry("clusters", "cluster", context.text("cluster")), parts);
    if (context.has("user")) read_user(entry("users", "user", context.text("user")), parts);
    Config config = assemble(std::move(parts));
    config.name_space = context.text("namespace");
    return config;
}

Section Kubeconfig::entry(const std::string& list, const std::string& kind, const std::string& name) const {
    const std::string field = list + "[\"" + name + "\"]";
    if (const YAML::Node entries = root_[list]; entries && entries.IsSequence()) {
        for (const YAML::Node& item : entries) {
            if (Section{item, ""}.text("name") != name) continue;
            return {item[kind] ? item[kind] : YAML::Node{YAML::NodeType::Map},
                    std::string{field}.append(".").append(kind)};
        }
    }
    if (list == "contexts") fail(field, "there is no such entry; kubectl config get-contexts lists them");
    fail(field, "there is no such entry, but the context refers to it");
}

std::string Kubeconfig::resolve(const std::string& file) const {
    const std::filesystem::path path{file};
    if (path.is_absolute()) return file;
    return (std::filesystem::path{path_}.parent_path() / path).string();
}

std::string Kubeconfig::read_named_file(const Section& section, const std::string& key) const {
    const std::string file = resolve(section.text(key));
    auto text = files::read(file);
    if (!text) fail(section.name + "." + key, "cannot read " + file + ": " + text.error().message());
    return std::move(*text);
}

std::string Kubeconfig::pem(const Section& section, const std::string& key,
                            std::vector<std::string>& files) const {
    if (const std::string data = section.text(key + "-data"); !data.empty()) {
        auto bytes = decode_base64(data);
        if (!bytes)
            fail(section.name + "." + key + "-data", "is not base64; it must be the base64 of PEM text");
        return std::move(*bytes);
    }
    if (section.text(key).empty()) return {};
    std::string text = read_named_file(section, key);
    if (text.empty()) fail(pem_name(section, key), "the file is empty");
    files.push_back(resolve(section.text(key)));
    return text;
}

std::string Kubeconfig::pem_name(const Section& section, const std::string& key) const {
    const std::string field = section.name + "." + key;
    if (!section.text(key + "-data").empty()) return field + "-data";
    return field + ": " + resolve(section.text(key));
}

void Kubeconfig::read_cluster(const Section& cluster, ConfigParts& parts) const {
    parts.server = cluster.text("server");
    parts.server_field = cluster.name + ".server";
    if (parts.server.empty()) fail(parts.server_field, "is not set; write https://HOST:PORT");
    if (!cluster.text("proxy-url").empty())
        fail(cluster.name + ".proxy-url",
             "proxies are not supported; remove it and reach the API server directly");
    parts.tls_server_name = cluster.text("tls-server-name");
    parts.insecure = cluster.flag("insecure-skip-tls-verify");
    parts.ca_pem = pem(cluster, "certificate-authority", parts.files);
    parts.ca_name = pem_name(cluster, "certificate-authority");
    if (parts.insecure && !parts.ca_pem.empty())
        fail(cluster.name + ".insecure-skip-tls-verify",
             "cannot be combined with certificate-authority; remove one");
}

void Kubeconfig::refuse_unsupported(const Section& user) const {
    const std::string use_instead = "; use a client certificate, token or tokenFile instead";
    if (user.has("exec")) fail(user.name + ".exec", "credential plugins are not supported" + use_instead);
    if (user.has("auth-provider"))
        fail(user.name + ".auth-provider", "Kubernetes 1.26 removed authentication providers" + use_instead);
    for (const char* key : {"username", "password"})
        if (!user.text(key).empty())
            fail(user.name + "." + key, "Kubernetes 1.19 removed basic authentication" + use_instead);
    for (const char* key : {"as", "as-uid", "as-groups", "as-user-extra"})
        if (user.has(key))
            fail(user.name + "." + key, "impersonation is not supported; use the credentials of that user");
}

Token Kubeconfig::read_token(const Section& user) const {
    if (!user.text("tokenFile").empty()) {
        if (!clean_token(read_named_file(user, "tokenFile")))
            fail(user.name + ".tokenFile", "the file is empty or holds what a token cannot");
        return Token::file(resolve(user.text("tokenFile")));
    }
    const std::string text = user.text("token");
    if (text.empty()) return {};
    auto token = clean_token(text);
    if (!token) fail(user.name + ".token", "holds what a token cannot, such as a space");
    return Token::fixed(std::move(*token));
}

void Kubeconfig::read_user(const Section& user, ConfigParts& parts) const {
    refuse_unsupported(user);
    parts.token = read_token(user);
    net::KeyPair pair{pem(user, "client-certificate", parts.files), pem(user, "client-key", parts.files)};
    if (pair.certificate_pem.empty() && pair.key_pem.empty()) return;
    if (pair.key_pem.empty()) fail(user.name + ".client-key", "is not set, but client-certificate is");
    if (pair.certificate_pem.empty())
        fail(user.name + ".client-certificate", "is not set, but client-key is");
    parts.certificate = std::move(pair);
    parts.certificate_name = pem_name(user, "client-certificate");
    parts.key_name = pem_name(user, "client-key");
}

}  // namespace

Config load_kubeconfig(const std::string& path, const std::string& context) {
    const auto text = files::read(path);
    if (!text) throw ConfigError{"kubeconfig " + path + ": cannot be read: " + text.error().message()};
    return parse_kubeconfig(*text, path, context);
}

Config parse_kubeconfig(const std::string& text, const std::string& path, const std::string& context) {
    const Kubeconfig kubeconfig{path, text};
    try {
        return kubeconfig.load(context);
    } catch (const YAML::Exception& e) {
        throw ConfigError{"kubeconfig " + path + ": a field has the wrong type: " + where(e)};
    }
}

}  // namespace kube
