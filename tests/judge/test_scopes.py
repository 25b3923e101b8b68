"""Bound names, definitions and derivatives must not catch each other's indices or perturbations."""

from __future__ import annotations

from sympy import Integer, exp, oo

from checker.calculus import terms as t
from checker.calculus.context import Context, Definition, Range, Variable
from tests.judge.by_hand import (
    INTEGERS,
    a,
    add,
    b,
    defined,
    derivative,
    el,
    everywhere,
    function,
    i,
    j,
    judge,
    k,
    l,
    m,
    mul,
    n,
    neg,
    one,
    p,
    power,
    q,
    r,
    s,
    sc,
    tensor,
    total,
    two,
    up_to,
    variables,
)

x, y, E = sc("x"), sc("y"), sc("E")
VECTOR = Context(variables(tensor("x", n), tensor("y", n)))


def test_a_letter_bound_here_and_free_there() -> None:
    left = mul(el("x", i), total(el("y", i), (i, n)))
    assert judge(left, mul(el("x", i), total(el("y", k), (k, n))), {i: n}, VECTOR).outcome == "agree"
    assert judge(left, total(mul(el("x", i), el("y", i)), (i, n)), {i: n}, VECTOR).outcome == "differ"


def test_a_definition_is_not_captured_by_the_sum_around_it() -> None:
    """y_i := Σ_k x_k x_i inside Σ_k y_k."""
    context = Context(
        variables(tensor("x", n), tensor("y", n)),
        dict([defined("y", i, body=total(mul(el("x", k), el("x", i)), (k, n)))]),
    )
    left = total(el("y", k), (k, n))
    assert judge(left, power(total(el("x", i), (i, n)), two), {}, context).outcome == "agree"
    assert judge(left, total(power(el("x", i), two), (i, n)), {}, context).outcome == "differ"


def test_a_free_integer_of_a_definition_is_the_claims_own() -> None:
    """g := x_k with k left general; inside a sum over k it still means the k of the claim."""
    context = Context(variables(tensor("x", n), tensor("y", n)), dict([defined("g", body=el("x", k))]))
    left = total(mul(el("y", k), sc("g")), (k, n))
    assert judge(left, mul(sc("g"), total(el("y", i), (i, n))), {k: n}, context).outcome == "agree"
    assert judge(left, total(mul(el("y", k), el("x", k)), (k, n)), {k: n}, context).outcome == "differ"


def test_a_functions_parameter_is_not_the_variable_of_that_name() -> None:
    context = Context(functions=dict([function("f", power(x, two), x)]))
    assert judge(t.apply("f", y), power(y, two), {}, context).outcome == "agree"
    assert judge(add(t.apply("f", y), x), add(power(y, two), x), {}, context).outcome == "agree"
    assert judge(t.apply("f", y), power(x, two), {}, context).outcome == "differ"


def test_a_function_of_a_function() -> None:
    f, g = function("f", add(power(x, two), y), x), function("g", t.apply("f", mul(x, y)), x)
    context = Context(functions=dict([f, g]))
    left = derivative(t.apply("g", t.apply("f", x)), x)
    right = mul(two, t.apply("f", x), power(y, two), two, x)
    assert judge(left, right, {}, context).outcome == "agree"
    assert judge(left, mul(right, y), {}, context).outcome == "differ"


def test_a_derivative_by_the_parameter_inside_a_definition() -> None:
    body = t.divide(derivative(exp(power(x, two)), x), exp(power(x, two)))
    context = Context(functions=dict([function("psi", body, x)]))
    assert judge(t.apply("psi", y), mul(two, y), {}, context).outcome == "agree"
    assert judge(t.function_derivative("psi", [1], y), two, {}, context).outcome == "agree"
    assert judge(t.apply("psi", y), power(y, two), {}, context).outcome == "differ"


def test_nested_derivatives_do_not_confuse_their_perturbations() -> None:
    """∂/∂x (x · ∂/∂y (x + y)) = 1, not 2."""
    inner = derivative(add(x, y), y)
    assert judge(derivative(mul(x, inner), x), one, {}, Context()).outcome == "agree"
    assert judge(derivative(mul(x, derivative(mul(x, x), x)), x), mul(Integer(4), x), {}, Context()).outcome == "agree"
    assert judge(derivative(mul(x, inner), x), two, {}, Context()).outcome == "differ"


def test_a_derivative_by_a_defined_name_holds_the_rest_fixed() -> None:
    """F = z w with z := x w: ∂F/∂z = w, ∂F/∂w = 2 x w."""
    w, z, F = sc("w"), sc("z"), sc("F")
    context = Context(definitions=dict([defined("z", body=mul(x, w)), defined("F", body=mul(z, w))]))
    assert judge(derivative(F, z), w, {}, context).outcome == "agree"
    assert judge(derivative(F, w), mul(two, x, w), {}, context).outcome == "agree"
    assert judge(derivative(F, w), z, {}, context).outcome == "differ"
    assert judge(derivative(derivative(F, z), w), one, {}, context).outcome == "agree"
    assert judge(derivative(derivative(F, w), z), one, {}, context).outcome == "agree"


def test_a_name_that_names_a_derivative() -> None:
    """B := ∂E/∂A, differentiated again."""
    context = Context(
        variables(tensor("x", n), tensor("A", n), tensor("B", n)),
        dict([defined("A", i, body=power(el("x", i), two)), defined("B", i, body=derivative(E, el("A", i)))]),
        depends={"E": ("A",)},
    )
    left = derivative(el("B", i), el("x", j))
    right = mul(two, el("x", j), derivative(E, el("A", i), el("A", j)))
    assert judge(left, right, {i: n, j: n}, context).outcome == "agree"
    assert judge(left, mul(right, t.delta(i, j)), {i: n, j: n}, context).outcome == "differ"


def test_an_unknown_function_of_two_tensors_one_through_the_other() -> None:
    """E(A, x) with A := x²: ∂E/∂x is the whole derivative."""
    context = Context(
        variables(tensor("x", n), tensor("A", n)),
        dict([defined("A", i, body=power(el("x", i), two))]),
        depends={"E": ("A", "x")},
    )
    left = derivative(E, el("x", j))
    part = mul(derivative(E, el("A", j)), two, el("x", j))
    assert judge(left, part, {j: n}, context).outcome == "differ"
    assert judge(add(left, neg(part)), add(left, neg(part)), {j: n}, context).outcome == "agree"


def test_a_recursion_unrolled() -> None:
    """h_t = v h_{t-1} + u_t: ∂h_3/∂h_1 = v²; ∂h_3/∂v = h_2 + v h_1 + v² h_0."""
    h, v = "h", sc("v")
    context = Context(
        variables(tensor(h, Range(Integer(0), Integer(3))), tensor("u", 3)),
        {h: (Definition(h, (k,), add(mul(v, el(h, k - 1)), el("u", k)), k >= 1),)},
    )
    assert judge(derivative(el(h, 3), el(h, 1)), power(v, two), {}, context).outcome == "agree"
    right = add(el(h, 2), mul(v, el(h, 1)), mul(power(v, two), el(h, 0)))
    assert judge(derivative(el(h, 3), v), right, {}, context).outcome == "agree"
    assert judge(derivative(el(h, 3), v), el(h, 2), {}, context).outcome == "differ"
    assert judge(derivative(el(h, 1), el(h, 3)), Integer(0), {}, context).outcome == "agree"


def test_a_name_defined_through_itself_has_no_value() -> None:
    context = Context(definitions=dict([defined("f", body=add(sc("g"), one)), defined("g", body=sc("f"))]))
    found = judge(sc("f"), add(sc("f"), one), {}, context)
    assert found.outcome == "unknown"


def test_an_index_out_of_range_voids_the_assignment_only() -> None:
    left = add(el("x", i + 1), neg(el("x", i)))
    assert judge(left, add(neg(el("x", i)), el("x", i + 1)), {i: n}, VECTOR).outcome == "agree"
    assert judge(el("x", i + 5), el("x", i + 6), {i: n}, VECTOR).outcome == "unknown"


# ------------------------------------------------------------------------------------ all integers

SEQUENCES = variables(
    tensor("f", INTEGERS), tensor("g", INTEGERS), tensor("h", INTEGERS), tensor("fg", INTEGERS), tensor("gh", INTEGERS)
)


def convolved(left: str, right: str, at: object) -> object:
    return everywhere(mul(el(left, s), el(right, at - s)), s)  # type: ignore[operator]


def test_convolution_commutes_and_is_no_correlation() -> None:
    context = Context(SEQUENCES)
    assert judge(convolved("f", "g", p), convolved("g", "f", p), {p: INTEGERS}, context).outcome == "agree"
    correlation = everywhere(mul(el("f", s), el("g", p + s)), s)
    assert judge(convolved("f", "g", p), correlation, {p: INTEGERS}, context).outcome == "differ"


def test_convolution_is_associative() -> None:
    context = Context(
        SEQUENCES,
        dict([defined("fg", p, body=convolved("f", "g", p)), defined("gh", p, body=convolved("g", "h", p))]),
    )
    left, right = convolved("fg", "h", q), convolved("f", "gh", q)
    assert judge(left, right, {q: INTEGERS}, context).outcome == "agree"
    assert judge(left, convolved("fg", "f", q), {q: INTEGERS}, context).outcome == "differ"


def test_the_sum_of_a_convolution_is_the_product_of_the_sums() -> None:
    context = Context(SEQUENCES)
    left = everywhere(convolved("f", "g", p), p)
    right = mul(everywhere(el("f", p), p), everywhere(el("g", p), p))
    assert judge(left, right, {}, context).outcome == "agree"
    assert judge(left, everywhere(mul(el("f", p), el("g", p)), p), {}, context).outcome == "differ"


def test_a_stride() -> None:
    """y_p = Σ_s w_{s - 2p} x_s: ∂y_p/∂x_r = w_{r - 2p}."""
    context = Context(
        variables(tensor("x", INTEGERS), tensor("w", INTEGERS), tensor("y", INTEGERS)),
        dict([defined("y", p, body=everywhere(mul(el("w", s - 2 * p), el("x", s)), s))]),
    )
    left = derivative(el("y", p), el("x", r))
    indices = {p: INTEGERS, r: INTEGERS}
    assert judge(left, el("w", r - 2 * p), indices, context).outcome == "agree"
    assert judge(left, el("w", 2 * r - p), indices, context).outcome == "differ"


def test_half_infinite_sums() -> None:
    context = Context(SEQUENCES)
    left = add(t.sum_over(el("f", s), s, -oo, Integer(0)), t.sum_over(el("f", s), s, Integer(1), oo))
    assert judge(left, everywhere(el("f", s), s), {}, context).outcome == "agree"
    assert judge(t.sum_over(el("f", s), s, Integer(0), oo), everywhere(el("f", s), s), {}, context).outcome == "differ"


def test_an_infinite_sum_that_does_not_end_is_refused() -> None:
    found = judge(everywhere(one, s), everywhere(two, s), {}, Context())
    assert found.outcome == "unknown"


def test_the_square_of_a_sequence_differentiated() -> None:
    """∂/∂x_r ½ Σ_s x_s² = x_r, also where x_r is 0."""
    context = Context(variables(tensor("x", INTEGERS)))
    left = derivative(mul(t.number("1/2"), everywhere(power(el("x", s), two), s)), el("x", r))
    assert judge(left, el("x", r), {r: INTEGERS}, context).outcome == "agree"
    assert judge(left, mul(two, el("x", r)), {r: INTEGERS}, context).outcome == "differ"


# --------------------------------------------------------------------------------- numbers as sizes


def test_numbers_keep_their_meaning() -> None:
    """Σ_{k=1}^{784} 1 = 784, and no smaller stand-in may refute or confirm anything about it."""
    assert judge(total(one, (k, 784)), Integer(784), {}, Context()).outcome == "agree"
    assert judge(total(one, (k, 784)), Integer(785), {}, Context()).outcome == "differ"
    # 392 + 392 does not mention 784: the difference at a smaller size is not the statement's
    assert judge(total(one, (k, 784)), add(Integer(390), Integer(394)), {}, Context()).outcome == "agree"


def test_a_difference_at_a_smaller_size_is_confirmed_at_the_true_one() -> None:
    context = Context(variables(tensor("x", 784)))
    mean = mul(t.number("1/784"), total(el("x", k), (k, 784)))
    assert judge(derivative(mean, el("x", l)), t.number("1/784"), {l: 784}, context).outcome == "agree"
    assert judge(derivative(mean, el("x", l)), t.number("1/783"), {l: 784}, context).outcome == "differ"
    found = judge(total(el("x", k), (k, 784)), total(mul(two, el("x", k)), (k, 784)), {}, context)
    assert found.outcome == "differ"
    assert found.counterexample is not None
    assert found.counterexample.sizes == {"784": 1}


def test_an_entry_by_number() -> None:
    context = Context(variables(tensor("x", 784), tensor("y", 3)))
    left = derivative(total(power(el("x", k), two), (k, 784)), el("x", 7))
    assert judge(left, mul(two, el("x", 7)), {}, context).outcome == "agree"
    assert judge(left, mul(two, el("x", 8)), {}, context).outcome == "differ"
    assert judge(el("y", 3), el("y", 2), {}, context).outcome == "differ"


def test_an_integer_left_general_takes_the_range_of_its_slot() -> None:
    """y is a class: Σ_c [y = c] = 1."""
    picked = total(t.delta(k, a), (k, n))
    assert judge(picked, one, {}, VECTOR).outcome == "agree"
    context = Context(variables(Variable("y", (up_to(m),), integer=True)))
    assert judge(total(t.delta(k, el("y", b)), (k, n)), one, {b: m}, context).outcome == "agree"
    assert judge(total(t.delta(k, el("y", b)), (k, n)), two, {b: m}, context).outcome == "differ"
