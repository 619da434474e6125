// SPDX-License-Identifier: MIT

#ifndef NNINIT_NNINIT_HPP
#define NNINIT_NNINIT_HPP

#include <nninit/version.hpp>

#if defined(NNINIT_ABI) // else version.hpp has said what is missing
#include <nninit/activation.hpp>
#include <nninit/by_name.hpp>
#include <nninit/constant.hpp>
#include <nninit/convolution.hpp>
#include <nninit/describe.hpp>
#include <nninit/distributions.hpp>
#include <nninit/engine.hpp>
#include <nninit/error.hpp>
#include <nninit/fans.hpp>
#include <nninit/layers.hpp>
#include <nninit/lsuv.hpp>
#include <nninit/make.hpp>
#include <nninit/nguyen_widrow.hpp>
#include <nninit/orthogonal.hpp>
#include <nninit/philox.hpp>
#include <nninit/registry.hpp>
#include <nninit/rules.hpp>
#include <nninit/scheme.hpp>
#include <nninit/span.hpp>
#include <nninit/sparse.hpp>
#endif

#endif
