// SPDX-License-Identifier: Apache-2.0
#include "query/plan.hpp"

#include "query/operations/arithmetic.hpp"
#include "query/operations/operations.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace query {
namespace {

// What the metric names of an operation's series are.
enum class Names { none, one, many };

struct Planned {
    OperationPtr operation;
    Names names = Names::none;
};

// Series whose names are dropped may come to have the same labels, if there was more than one name.
Planned without_names(OperationPtr operation, Names before) {
    if (before == Names::many) operation = make_merge(std::move(operation));
    return {std::move(operation), Names::none};
}

class Planner {
  public:
    explicit Planner(const Reading& reading) : reading_{reading} {}

    std::optional<Planned> plan(const Expression& expression) {
        return std::visit([&](const auto& node) { return plan_node(node); }, expression.node);
    }
    const std::optional<Error>& error() const { return error_; }

  private:
    using Found = std::optional<Planned>;

    static Names names_of(const Selector& selector) {
        return equal_value(selector.matchers, kMetricName).empty() ? Names::many : Names::one;
    }

    Found plan_node(const NumberLiteral& number) {
        return Planned{make_number(number.value, reading_.steps), Names::none};
    }
    // Strings are read where they are arguments.
    Found plan_node(const StringLiteral&) { return std::nullopt; }
    Found plan_node(const Selector& selector) {
        return Planned{make_instant(reading_, selector), names_of(selector)};
    }

    Found plan_node(const Negation& negation) {
        auto operand = plan(*negation.operand);
        if (!operand) return std::nullopt;
        return without_names(make_negation(std::move(operand->operation)), operand->names);
    }

    Found plan_node(const Call& call) {
        const FunctionId id = call.function->id;
        if (id == FunctionId::time) return Planned{make_time(reading_.steps), Names::none};
        const Expression& first = *call.arguments[0];
        if (first.type() == ValueType::range) {
            const auto& selector = std::get<Selector>(first.node);
            return without_names(make_over_range(reading_, selector, id), names_of(selector));
        }
        auto operand = plan(first);
        if (!operand) return std::nullopt;
        switch (id) {
            case FunctionId::scalar:
                return Planned{make_scalar(std::move(operand->operation), reading_.steps), Names::none};
            case FunctionId::sort:
            case FunctionId::sort_desc:
                // Answers over a range are in the order of labels anyway.
                if (reading_.steps.count == 1)
                    operand->operation =
                        make_sort(std::move(operand->operation), id == FunctionId::sort_desc);
                return operand;
            case FunctionId::label_replace:
                return label_replace(call, std::move(*operand));
            // vector(): a scalar is a series without labels.
            default:
                return operand;
        }
    }

    Found label_replace(const Call& call, Planned operand) {
        auto made = make_label_replace(call, std::move(operand.operation));
        if (!made) {
            error_ = made.error();
            return std::nullopt;
        }
        return Planned{make_merge(std::move(*made)), Names::many};
    }

    Found plan_node(const Aggregation& aggregation) {
        auto operand = plan(*aggregation.operand);
        if (!operand) return std::nullopt;
        if (!aggregation.parameter) {
            const bool keeps_name = !aggregation.without &&
                                    std::binary_search(aggregation.labels.begin(), aggregation.labels.end(),
                                                       kMetricName, std::less<>{});
            return Planned{make_aggregation(aggregation, std::move(operand->operation), reading_.steps),
                           keeps_name ? operand->names : Names::none};
        }
        auto parameter = plan(*aggregation.parameter);
        if (!parameter) return std::nullopt;
        return Planned{make_ranking(aggregation, std::move(parameter->operation),
                                    std::move(operand->operation), reading_.steps),
                       operand->names};
    }

    Found plan_node(const Binary& binary) {
        auto left = plan(*binary.left);
        if (!left) return std::nullopt;
        auto right = plan(*binary.right);
        if (!right) return std::nullopt;
        const bool left_is_vector = binary.left->type() == ValueType::vector;
        const bool right_is_vector = binary.right->type() == ValueType::vector;
        if (left_is_vector && right_is_vector)
            return two_vectors(binary, std::move(*left), std::move(*right));
        const bool scalar_first = right_is_vector;
        Planned& vector = scalar_first ? *right : *left;
        Planned& scalar = scalar_first ? *left : *right;
        auto made =
            make_with_scalar(binary, std::move(vector.operation), std::move(scalar.operation), scalar_first);
        if (drops_name(binary)) return without_names(std::move(made), vector.names);
        return Planned{std::move(made), vector.names};
    }

    Found two_vectors(const Binary& binary, Planned left, Planned right) {
        if (is_set(binary.op)) {
            auto made =
                make_set(binary, std::move(left.operation), std::move(right.operation), reading_.steps);
            if (binary.op != BinaryOp::set_or) return Planned{std::move(made), left.names};
            // What one side gives now the other may give later.
            return Planned{make_merge(std::move(made)), either(left.names, right.names)};
        }
        const bool swapped = binary.matching.cardinality == Cardinality::one_to_many;
        const Names names = swapped ? right.names : left.names;
        auto made =
            make_matched(binary, std::move(left.operation), std::move(right.operation), reading_.steps);
        // Groups told apart by names or by labels that are replaced may give the same labels.
        return Planned{make_merge(std::move(made)), drops_name(binary) ? Names::none : names};
    }

    static Names either(Names left, Names right) {
        return left == Names::none && right == Names::none ? Names::none : Names::many;
    }

    const Reading& reading_;
    std::optional<Error> error_;
};

}  // namespace

Result<OperationPtr> plan(const Reading& reading, const Expression& expression) {
    Planner planner{reading};
    auto planned = planner.plan(expression);
    if (planned) return std::move(planned->operation);
    return planner.error() ? *planner.error() : bad_data("the expression cannot be evaluated");
}

}  // namespace query
