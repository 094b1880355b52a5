// SPDX-License-Identifier: Apache-2.0
// Operators between two vectors (VectorBinop of promql/engine.go). Both sides are kept; then group after
// group, and in it series after series of the "many" side, meets the "one" side.
#include "query/operations/arithmetic.hpp"
#include "query/operations/drain.hpp"
#include "query/operations/grouping.hpp"
#include "query/operations/operations.hpp"

#include <bit>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace query {
namespace {

// A pair met at this step and a comparison left it out: another may not take its place.
const double kLeftOut = std::bit_cast<double>(std::uint64_t{0x7ff0000000000003});
bool is_left_out(double value) {
    return std::bit_cast<std::uint64_t>(value) == 0x7ff0000000000003;
}

class Matched : public Operation {
  public:
    Matched(const Binary& binary, OperationPtr left, OperationPtr right, const Steps& steps)
        : binary_{binary},
          swapped_{binary.matching.cardinality == Cardinality::one_to_many},
          key_{binary.matching},
          steps_{steps.count},
          many_{std::move(swapped_ ? right : left)},
          one_{std::move(swapped_ ? left : right)},
          many_any_(steps_) {}

    Pull next(Work& work, Row& out) override {
        if (const Pull pulled = read(work); pulled != Pull::end) return pulled;
        for (;;) {
            while (is_telling_ && told_ < results_.size()) {
                if (work.is_spent()) return Pull::pause;
                work.spend(steps_);
                if (tell(work, results_[told_++], out)) return Pull::row;
            }
            if (work.is_spent()) return Pull::pause;
            if (group_ == groups_.size()) return Pull::end;
            if (!go_on(work)) return Pull::failed;
        }
    }

  private:
    struct Members {
        std::vector<std::size_t> many;
        std::vector<std::size_t> one;
    };

    Pull read(Work& work) {
        if (is_read_) return Pull::end;
        Row row;
        const Pull many = drain(many_, work, row, [&] {
            work.spend(kKeptRowUnits);
            members_of(row.labels).many.push_back(many_rows_.size());
            for (std::size_t s = 0; s < steps_; ++s)
                if (!is_absent(row.values[s])) many_any_[s] = 1;
            return many_rows_.keep(work, std::move(row));
        });
        if (many != Pull::end) return many;
        const Pull one = drain(one_, work, row, [&] {
            work.spend(kKeptRowUnits);
            members_of(row.labels).one.push_back(one_rows_.size());
            return one_rows_.keep(work, std::move(row));
        });
        if (one != Pull::end) return one;
        groups_of_.clear();
        is_read_ = true;
        return Pull::end;
    }

    Members& members_of(const Labels& labels) {
        key_.of(labels, labels_);
        const auto [it, is_new] = groups_of_.try_emplace(labels_, groups_.size());
        if (is_new) groups_.emplace_back();
        return groups_[it->second];
    }

    // A piece of the present group. False: it has failed.
    bool go_on(Work& work) {
        const Members& members = groups_[group_];
        if (member_ == 0 && !begin_group(work, members)) return false;
        if (member_ < members.many.size() && !members.one.empty()) {
            // One series of the group is a piece: others may have thousands.
            const Row& row = many_rows_[members.many[member_++]];
            for (const std::size_t one : members.one)
                if (!meet(work, row, one_rows_[one])) return false;
            if (member_ < members.many.size()) return true;
        }
        ++group_;
        member_ = 0;
        is_telling_ = true;
        return true;
    }

    bool begin_group(Work& work, const Members& members) {
        results_.clear();
        known_results_.clear();
        told_ = 0;
        is_telling_ = false;
        met_.assign(steps_, 0);
        std::vector<const Row*> seen(members.one.size() > 1 ? steps_ : 0);
        work.spend(1 + steps_ * members.one.size());
        if (members.one.size() < 2) return true;
        for (const std::size_t one : members.one) {
            const Row& row = one_rows_[one];
            for (std::size_t s = 0; s < steps_; ++s) {
                if (is_absent(row.values[s]) || !many_any_[s]) continue;
                if (seen[s] != nullptr) return fail_many_to_many(work, *seen[s], row);
                seen[s] = &row;
            }
        }
        return true;
    }

    bool fail_many_to_many(Work& work, const Row& first, const Row& second) const {
        Labels group;
        key_.of(first.labels, group);
        std::string one = first.labels.text();
        std::string other = second.labels.text();
        if (other < one) std::swap(one, other);
        return work.fail(
            execution("found duplicate series for the match group " + group.text() + " on the " +
                      (swapped_ ? "left" : "right") + " hand-side of the operation: [" + one + ", " + other +
                      "];many-to-many matching not allowed: matching labels must be unique on one side"));
    }

    bool meet(Work& work, const Row& many, const Row& one) {
        work.spend(steps_);
        Row* result = nullptr;
        for (std::size_t s = 0; s < steps_; ++s) {
            if (is_absent(many.values[s]) || is_absent(one.values[s])) continue;
            if (result == nullptr && (result = result_of(work, many.labels, one.labels)) == nullptr)
                return false;
            if (!put(work, *result, s, many.values[s], one.values[s])) return false;
        }
        return true;
    }

    bool put(Work& work, Row& result, std::size_t step, double many, double one) {
        if (binary_.matching.cardinality == Cardinality::one_to_one) {
            if (std::exchange(met_[step], 1))
                return work.fail(
                    execution("multiple matches for labels: many-to-one matching must be explicit "
                              "(group_left/group_right)"));
        } else if (!is_absent(result.values[step])) {
            return work.fail(
                execution("multiple matches for labels: grouping labels must ensure unique matches"));
        }
        const double left = swapped_ ? one : many;
        const double right = swapped_ ? many : one;
        const double value = combined(binary_, left, right, left);
        result.values[step] = is_absent(value) ? kLeftOut : value;
        return true;
    }

    // Null: it has failed.
    Row* result_of(Work& work, const Labels& many, const Labels& one) {
        const auto [it, is_new] = known_results_.try_emplace(labels_of(many, one), results_.size());
        if (is_new) {
            Row& row = results_.emplace_back();
            row.labels = it->first;
            row.values.assign(steps_, kAbsent);
            if (!work.hold(row.bytes())) return nullptr;
        }
        return &results_[it->second];
    }

    // False: it has no value.
    bool tell(Work& work, Row& row, Row& out) {
        work.release(row.bytes());
        bool any = false;
        for (double& value : row.values) {
            if (is_left_out(value)) value = kAbsent;
            any = any || !is_absent(value);
        }
        if (any) out = std::move(row);
        return any;
    }

    // resultMetric()
    Labels labels_of(const Labels& many, const Labels& one) const {
        const Matching& matching = binary_.matching;
        Labels all = many;
        if (drops_name(binary_)) all.drop_name();
        if (matching.cardinality != Cardinality::one_to_one) {
            for (const std::string& label : matching.include) all.set(label, one.get(label));
            return all;
        }
        Labels kept;
        all.filter(matching.labels, matching.on, kept);
        return kept;
    }

    const Binary& binary_;
    // The "one" side is the left.
    bool swapped_;
    GroupKey key_;
    std::size_t steps_;
    OperationPtr many_;
    OperationPtr one_;
    HeldRows many_rows_;
    HeldRows one_rows_;
    // Steps at which the "many" side has anything.
    std::vector<unsigned char> many_any_;
    bool is_read_ = false;
    Labels labels_;
    std::unordered_map<Labels, std::size_t, LabelsHash> groups_of_;
    std::vector<Members> groups_;
    // The present group, and how many of its series have met.
    std::size_t group_ = 0;
    std::size_t member_ = 0;
    std::vector<unsigned char> met_;
    std::vector<Row> results_;
    std::unordered_map<Labels, std::size_t, LabelsHash> known_results_;
    std::size_t told_ = 0;
    // The group is complete.
    bool is_telling_ = false;
};

}  // namespace

OperationPtr make_matched(const Binary& binary, OperationPtr left, OperationPtr right, const Steps& steps) {
    return std::make_unique<Matched>(binary, std::move(left), std::move(right), steps);
}

}  // namespace query
