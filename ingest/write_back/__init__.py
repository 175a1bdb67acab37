"""Write-back: source systems are told of changes that are made here, in order, until they answer.

`outbox` enters what is to be told in the transaction of the change, `receivers` says where each system is and by which
secret we sign, `webhook` signs, `post` sends, `deliver` tries again and gives up, `echoes` knows our own changes when
they come back.
"""
