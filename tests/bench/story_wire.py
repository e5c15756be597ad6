def wire(): return []
