// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/configuration.hpp"

#include "apiserver/request/label_selector.hpp"
#include "net/tls/tls.hpp"
#include "topd/settings.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace topd::doctor {
namespace {

constexpr std::string_view kAdminFlag = "--admin-kubeconfig";

void complain(Check& check, const char* id, std::string where, const std::string& what, std::string mend) {
    check.findings.push_back({Severity::error, id, std::move(where), one_line(what), std::move(mend)});
}

std::optional<Flags> read_flags(const std::vector<std::string>& arguments, Check& check) {
    try {
        const Flags flags = parse_flags(arguments);
        validate(flags);
        if (const auto selector = apiserver::LabelSelector::parse(flags.node_selector); !selector)
            throw FlagError{"--node-selector: " + selector.error().text};
        return flags;
    } catch (const FlagError& error) {
        complain(check, "flags", "the command line", error.what(),
                 "correct the arguments of topd's container; topd --help lists the flags");
        return std::nullopt;
    }
}

// The file's configuration, or `otherwise` when there is no file.
std::optional<kube::Config> read_kubeconfig(const std::string& flag, const std::string& path,
                                            const std::optional<kube::Config>& otherwise, Check& check) {
    try {
        if (!path.empty()) return kube::load_kubeconfig(path);
        if (otherwise) return otherwise;
        return kube::in_cluster();
    } catch (const std::runtime_error& error) {
        complain(check, "kubeconfig", credentials_of(flag, path), error.what(),
                 path.empty() ? "outside of a pod name a kubeconfig by --kubeconfig; in a pod set "
                                "automountServiceAccountToken: true"
                              : "correct the file, or name another");
        return std::nullopt;
    }
}

std::optional<scraper::ScraperOptions> read_kubelet_options(const Flags& flags, const kube::Config& cluster,
                                                            Check& check) {
    try {
        scraper::ScraperOptions options = scraper_options(flags, cluster);
        const auto tls = net::TlsClient::make(options.tls);
        if (!tls) throw std::runtime_error{tls.error().message()};
        return options;
    } catch (const std::runtime_error& error) {
        complain(check, "kubelet-credentials",
                 "--kubelet-certificate-authority, --kubelet-client-certificate, --kubelet-client-key",
                 error.what(), "name readable PEM files; a key must belong to its certificate");
        return std::nullopt;
    }
}

void read_authority_files(const Flags& flags, Check& check) {
    try {
        front_proxy(flags);
        client_authorities(flags);
    } catch (const std::runtime_error& error) {
        complain(check, "authority-files", "--client-ca-file, --requestheader-client-ca-file", error.what(),
                 "name readable PEM files of authorities");
    }
}

}  // namespace

CommandLine split(const std::vector<std::string>& arguments) {
    CommandLine line;
    const std::string with_value = std::string{kAdminFlag} + "=";
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument.starts_with(with_value))
            line.admin_kubeconfig = argument.substr(with_value.size());
        else if (argument == kAdminFlag && i + 1 < arguments.size())
            line.admin_kubeconfig = arguments[++i];
        else
            line.daemon.push_back(argument);
    }
    return line;
}

std::string credentials_of(const std::string& flag, const std::string& path) {
    return path.empty() ? "the pod's service account" : fmt::format("{} {}", flag, one_line(path, 253));
}

Check read_configuration(const CommandLine& line, std::optional<Configuration>& into) {
    Check check;
    check.title = "Configuration";
    const std::optional<Flags> flags = read_flags(line.daemon, check);
    if (!flags) return check;
    for (const std::string& sentence : flags->doubts) check.notes.push_back(one_line(sentence));
    read_authority_files(*flags, check);
    const auto cluster = read_kubeconfig("--kubeconfig", flags->kubeconfig, std::nullopt, check);
    if (!cluster) return check;
    const auto authentication =
        read_kubeconfig("--authentication-kubeconfig", flags->authentication_kubeconfig, cluster, check);
    const auto authorization =
        read_kubeconfig("--authorization-kubeconfig", flags->authorization_kubeconfig, cluster, check);
    std::optional<kube::Config> admin;
    if (!line.admin_kubeconfig.empty())
        admin = read_kubeconfig(std::string{kAdminFlag}, line.admin_kubeconfig, std::nullopt, check);
    const auto kubelets = read_kubelet_options(*flags, *cluster, check);
    if (!authentication || !authorization || !kubelets) return check;
    into.emplace();
    into->flags = *flags;
    into->cluster = *cluster;
    into->authentication = *authentication;
    into->authorization = *authorization;
    into->admin = admin;
    into->kubelets = *kubelets;
    check.well = "flags and files are usable";
    if (!flags->without_effect.empty())
        check.notes.push_back(
            one_line(fmt::format("without effect in topd: {}", fmt::join(flags->without_effect, ", "))));
    return check;
}

}  // namespace topd::doctor
