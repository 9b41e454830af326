"""The shops that orders come from, told what became of them: a folder for each, a `Shop` on top of an `Http`.

answers.py      what a shop answered, and what marks a change there as ours
parcels.py      what of a shipment a shop is told
turns.py        one call after the other where they are for one order
shopify/        by its GraphQL Admin API
woocommerce/    by its REST API
"""
