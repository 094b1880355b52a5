// SPDX-License-Identifier: Apache-2.0
#include "files/checked.hpp"

#include <string>

#include <catch2/catch.hpp>

TEST_CASE("numbers in files have their lowest byte first", "[files]") {
    std::string bytes = "x";
    files::put_number(bytes, 0x8123'45F7U);
    CHECK(bytes == "x\xF7\x45\x23\x81");
    CHECK(files::number_at(bytes, 1) == 0x8123'45F7U);
}

TEST_CASE("a checksum is CRC-32, and holds for what is before it", "[files]") {
    // The check value of CRC-32/ISO-HDLC.
    CHECK(files::checksum("123456789") == 0xCBF4'3926U);
    CHECK(files::checksum("") == 0);
    std::string bytes = "123456789";
    files::put_number(bytes, files::checksum(bytes));
    CHECK(files::is_sound(bytes));
    for (char& byte : bytes) {
        byte ^= 1;
        CHECK_FALSE(files::is_sound(bytes));
        byte ^= 1;
    }
}
