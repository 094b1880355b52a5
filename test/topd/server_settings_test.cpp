// SPDX-License-Identifier: Apache-2.0
// Flags that reach a part as they are.
#include "topd/settings.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace topd;

TEST_CASE("the server's address is shown by its external name, else by the advertised one") {
    const auto shown = [](const std::vector<std::string>& flags) {
        return shown_server_address(parse_flags(flags));
    };
    CHECK(shown({"--secure-port=10443"}) == ":10443");
    CHECK(shown({"--secure-port=10443", "--advertise-address=10.0.0.7"}) == "10.0.0.7:10443");
    CHECK(shown({"--secure-port=10443", "--advertise-address=fd00::7"}) == "[fd00::7]:10443");
    const std::string both[] = {"--advertise-address=10.0.0.7", "--external-hostname="};
    CHECK(shown({both[0], both[1] + "metrics.example"}) == "metrics.example:443");
    CHECK(shown({both[0], both[1] + "metrics.example:443"}) == "metrics.example:443");
    CHECK(shown({both[0], both[1] + "[fd00::8]:443"}) == "[fd00::8]:443");
    CHECK(shown({both[0], both[1] + "[fd00::8]"}) == "[fd00::8]:443");
}

TEST_CASE("missed scrapes are bridged, or not, by the store and the scraper alike") {
    for (const bool wanted : {true, false}) {
        const Flags flags =
            parse_flags({std::string{"--bridge-missed-scrapes="} + (wanted ? "true" : "false")});
        CHECK(store_options(flags).bridge == wanted);
        CHECK(scraper_options(flags, {}).bridge == wanted);
    }
    CHECK(store_options(parse_flags({})).bridge);
}

TEST_CASE("the port is shared only where the flags permit it") {
    CHECK_FALSE(server_options(parse_flags({})).share_port);
    CHECK(server_options(parse_flags({"--permit-port-sharing"})).share_port);
}
