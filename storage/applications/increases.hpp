// SPDX-License-Identifier: Apache-2.0
// The increase of a family's counters from page to page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace storage::applications {

struct SeriesValue {
    // A hash of its labels.
    std::uint64_t series = 0;
    double value = 0;
};

// Of a series that is there, and says no number that counts.
inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Sorted by series; of one that came more than once the last value that is known counts.
void settle(std::vector<SeriesValue>& page);

class Increases {
  public:
    // Since the page before, added up over its series: a value that fell has begun anew at 0, and so has a
    // series that the page before did not have. The first page gives 0. A series that is absent or unknown
    // for a while goes on from where it was; one that was unknown from the beginning, from its first value.
    // `page` is settled. most: of the series that are remembered for that.
    double take(const std::vector<SeriesValue>& page, std::size_t most);
    // All begins anew.
    void forget();

    std::size_t bytes() const { return last_.capacity() * sizeof(SeriesValue); }

  private:
    std::vector<SeriesValue> last_;
    bool begun_ = false;
};

}  // namespace storage::applications
