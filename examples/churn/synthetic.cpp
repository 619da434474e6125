// SPDX-License-Identifier: MIT
#include "table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace churn {

namespace {

// The multiples of 2^-24 in [0, 1), equally likely.
double uniform(nninit::Philox& rng) { return static_cast<double>(rng() >> 8U) / 16777216.0; }

// About standard normal, between -6 and 6: the sum of 12 uniform values less 6. No logarithm, so
// that every machine draws the same table.
double bell(nninit::Philox& rng) {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += uniform(rng);
    return sum;
}

bool chance(nninit::Philox& rng, double probability) { return uniform(rng) < probability; }

} // namespace

// How the table is drawn:
//
//   credit score   bell of mean 650 and deviation 97, whole, 350 to 850
//   country        half France, a quarter Germany, a quarter Spain
//   gender         54.5 % male
//   age            18 + 15 (u + v) + 36 t^4 with u, v, t uniform: mean 40, tail to 84; whole
//   tenure         0 to 10 years, whole
//   balance        none for half of those outside Germany, else a bell of mean 120000 and
//                  deviation 30000
//   products       1 (51 %), 2 (46 %), 3 (2.5 %), 4 (0.5 %)
//   card, active   70.5 % and 51.5 %
//   salary         uniform up to 200000, of no influence
//
// A customer leaves with the probability (1 + s / sqrt(1 + s^2)) / 2, where the score s is
//
//   -2.65 + 2 h(age) + 0.6 if Germany + 0.35 if female + (0.3 + 1.2 h(age)) if not active
//   + (0.3, -0.4, 2.5, 4) for 1 to 4 products + 0.3 if there is a balance and one product only
//
// and h(age) = max(0, 1 - ((age - 57) / 18)^2) is a hump over the ages of 39 to 75. So age and
// products act without being monotone, and age, activity, balance and products act together.
std::vector<Customer> synthetic_table() {
    constexpr std::size_t rows = 10'000;
    nninit::Philox rng = nninit::Philox(1).stream("synthetic table");
    std::vector<Customer> customers(rows);
    for (Customer& customer : customers) {
        customer.credit_score = std::clamp(std::round(650.0 + 97.0 * bell(rng)), 350.0, 850.0);
        const double place = uniform(rng);
        customer.country = place < 0.5    ? Customer::Country::France
                           : place < 0.75 ? Customer::Country::Germany
                                          : Customer::Country::Spain;
        const bool german = customer.country == Customer::Country::Germany;
        customer.male = chance(rng, 0.545);
        const double spread = uniform(rng) + uniform(rng);
        const double tail = uniform(rng);
        customer.age = std::floor(18.0 + 15.0 * spread + 36.0 * tail * tail * tail * tail);
        customer.tenure = std::floor(11.0 * uniform(rng));
        const bool has_balance = !chance(rng, 0.5) || german;
        customer.balance = has_balance ? std::max(1000.0, 120000.0 + 30000.0 * bell(rng)) : 0.0;
        const double share = uniform(rng);
        customer.products = share < 0.51 ? 1.0 : share < 0.97 ? 2.0 : share < 0.995 ? 3.0 : 4.0;
        customer.has_card = chance(rng, 0.705);
        customer.active = chance(rng, 0.515);
        customer.salary = 200000.0 * uniform(rng);

        const double distance = (customer.age - 57.0) / 18.0;
        const double hump = std::max(0.0, 1.0 - distance * distance);
        constexpr std::array<double, 4> by_products{0.3, -0.4, 2.5, 4.0};
        double score =
            -2.65 + 2.0 * hump + by_products[static_cast<std::size_t>(customer.products - 1.0)];
        if (german) score += 0.6;
        if (!customer.male) score += 0.35;
        if (!customer.active) score += 0.3 + 1.2 * hump;
        if (has_balance && customer.products == 1.0) score += 0.3;
        customer.exited = chance(rng, 0.5 * (1.0 + score / std::sqrt(1.0 + score * score)));
    }
    return customers;
}

} // namespace churn
